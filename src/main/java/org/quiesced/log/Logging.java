// SPDX-License-Identifier: Apache-2.0
package org.quiesced.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.quiesced.host.Journal;
import org.quiesced.host.KernelLog;
import org.quiesced.report.EventMessages;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * Where log messages go. There is no configuration file for it: at shutdown there is one place that can be relied on.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    /**
     * A slow console makes the kernel's log slow; what waits for it is kept here. One message per device and event
     * fits.
     */
    private static final int QUEUE = 8192;
    /** How long a shutdown waits at its end for a slow console. */
    private static final long DRAIN_NANOS = 30_000_000;
    /** How long to wait at the end for a slow console, in milliseconds. */
    private static final int FLUSH_MILLIS = 1_000;

    /** Is called by Logback, which finds this class as a service. */
    public Logging() {}

    /** Lets nothing but warnings through, to the standard error output, until somebody says otherwise. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        configure(context, new ToStderr(), Level.WARN);
        // Where nobody listens, Logback makes ready to print what it has to say of its configuration: date formats and
        // time zones, in memory for good.
        context.getStatusManager().add(new NopStatusListener());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Lets all that an administrator should see through, to the standard error output. */
    public static void toStandardError() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        configure(context, new ToStderr(), Level.INFO);
    }

    /** Lets everything through, to the kernel's log. */
    public static void toKernelLog(KernelLog log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Appender<ILoggingEvent> appender = new ToKernelLog(log);
        appender.setContext(context);
        appender.start();
        configure(context, inBackground(context, appender), Level.DEBUG);
    }

    /**
     * Lets all that an administrator should see through, to the journal: until a shutdown begins.
     *
     * @param kernelLog where it goes from then on
     */
    public static ShutdownLog toJournal(Journal journal, KernelLog kernelLog) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ToJournal appender = new ToJournal(journal, kernelLog);
        appender.setContext(context);
        appender.start();
        Appender<ILoggingEvent> background = inBackground(context, appender);
        configure(context, background, Level.INFO);
        context.getLogger(LogMessages.RECORD).setLevel(Level.DEBUG);
        return new ShutdownLog() {
            @Override
            public void begin() {
                appender.shutdown = true;
            }

            @Override
            public void end() {
                awaitWritten(background);
                appender.shutdown = false;
            }

            @Override
            public void drain() {
                if (background instanceof Background thread) {
                    await(() -> thread.getNumberOfElementsInQueue() > 0, DRAIN_NANOS);
                }
            }
        };
    }

    private static void awaitWritten(Appender<ILoggingEvent> appender) {
        if (appender instanceof Background thread) {
            await(() -> thread.pending.get() > 0, FLUSH_MILLIS * 1_000_000L);
        }
    }

    private static void await(BooleanSupplier isBusy, long nanos) {
        long end = System.nanoTime() + nanos;
        while (isBusy.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(DRAIN_NANOS / 100);
        }
    }

    /** The log of a daemon at shutdown. */
    public interface ShutdownLog {
        /** Says that a shutdown has begun: from now on there may be no journal. */
        void begin();

        /** Says that the shutdown was cancelled: the journal is there again. */
        void end();

        /** Logs a sentence. */
        default void say(EventMessages.Message sentence) {
            LogMessages.log(sentence);
        }

        /** Logs a line of the record, which nobody but the next boot reads. */
        default void carry(String line) {
            LogMessages.carry(line);
        }

        /** Waits until what was logged is on its way, but not for long: a serial console is no reason to wait. */
        void drain();
    }

    /** For a run without a shutdown: the log stays where it is. */
    public static class NoLog implements ShutdownLog {
        @Override
        public void begin() {}

        @Override
        public void end() {}

        @Override
        public void drain() {}
    }

    /** Writes out what is queued, and stops. */
    public static void close() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .iteratorForAppenders()
                .forEachRemaining(Logging::awaitWritten);
        context.stop();
    }

    private static void configure(LoggerContext context, Appender<ILoggingEvent> appender, Level level) {
        if (!appender.isStarted()) {
            appender.setContext(context);
            appender.start();
        }
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
    }

    /** The run must not wait for a serial console. Without a thread for that it does. */
    private static Appender<ILoggingEvent> inBackground(LoggerContext context, Appender<ILoggingEvent> appender) {
        Background background = new Background(context, appender);
        background.setQueueSize(QUEUE);
        background.setDiscardingThreshold(0);
        background.setNeverBlock(true);
        background.setMaxFlushTime(FLUSH_MILLIS);
        try {
            background.start();
            return background;
        } catch (OutOfMemoryError e) {
            return appender;
        }
    }

    /**
     * Hands events on with a thread of its own, and counts those that are not written yet: one that the thread has
     * taken from the queue may still be under way.
     */
    private static final class Background extends AsyncAppender {
        private final AtomicInteger pending = new AtomicInteger();

        Background(LoggerContext context, Appender<ILoggingEvent> appender) {
            setContext(context);
            Appender<ILoggingEvent> counting = new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    try {
                        appender.doAppend(event);
                    } finally {
                        pending.decrementAndGet();
                    }
                }
            };
            counting.setContext(context);
            counting.start();
            addAppender(counting);
        }

        /** A full queue takes no event. */
        @Override
        protected void append(ILoggingEvent event) {
            if (getRemainingCapacity() > 0) {
                pending.incrementAndGet();
                super.append(event);
            }
        }
    }

    private static boolean isRecord(ILoggingEvent event) {
        return event.getLoggerName().equals(LogMessages.RECORD);
    }

    private static final class ToStderr extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            System.err.println(event.getFormattedMessage());
        }
    }

    private static final class ToJournal extends AppenderBase<ILoggingEvent> {
        private final Journal journal;
        private final ToKernelLog kernelLog;
        private volatile boolean shutdown;

        ToJournal(Journal journal, KernelLog kernelLog) {
            this.journal = journal;
            this.kernelLog = new ToKernelLog(kernelLog);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (shutdown) {
                kernelLog.append(event);
                return;
            }
            if (isRecord(event)) {
                return;
            }
            KernelLog.Priority priority = ToKernelLog.priority(event.getLevel());
            if (!journal.write(priority, event.getFormattedMessage(), fields(event))) {
                // sd-daemon(3): the reader of the standard error output sees the priority.
                System.err.println("<" + priority.level() + ">" + event.getFormattedMessage());
            }
        }

        private static Map<String, String> fields(ILoggingEvent event) {
            List<KeyValuePair> pairs = event.getKeyValuePairs();
            if (pairs == null) {
                return Map.of();
            }
            Map<String, String> fields = new LinkedHashMap<>();
            pairs.forEach(
                    pair -> fields.put("QUIESCED_" + pair.key.toUpperCase(Locale.ROOT), String.valueOf(pair.value)));
            return fields;
        }
    }

    private static final class ToKernelLog extends AppenderBase<ILoggingEvent> {
        private final KernelLog log;

        ToKernelLog(KernelLog log) {
            this.log = log;
        }

        /**
         * A line of the record says when it is written, by the monotonic clock. The kernel's log has another clock
         * ({@code local_clock()} in kernel/printk/printk.c), and lines wait for a slow console.
         */
        @Override
        protected void append(ILoggingEvent event) {
            String prefix = isRecord(event)
                    ? String.format(Locale.ROOT, "quiesced: record %.6f ", System.nanoTime() / 1e9)
                    : "quiesced: ";
            log.write(priority(event.getLevel()), prefix + event.getFormattedMessage());
        }

        private static KernelLog.Priority priority(Level level) {
            return switch (level.toInt()) {
                case Level.ERROR_INT -> KernelLog.Priority.ERROR;
                case Level.WARN_INT -> KernelLog.Priority.WARNING;
                case Level.INFO_INT -> KernelLog.Priority.INFO;
                default -> KernelLog.Priority.DEBUG;
            };
        }
    }
}
