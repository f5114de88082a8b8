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

/** Configures Logback in code, because a configuration file could not switch the log at a shutdown. */
public final class Logging extends ContextAwareBase implements Configurator {
    /** Capacity of the queue for messages, which a slow console delays; one message per device and event fits. */
    private static final int QUEUE = 8192;
    /** Maximum time for which a run waits for the queue, in nanoseconds. */
    private static final long DRAIN_NANOS = 30_000_000;
    /** Maximum time for which the queue is written before the log is closed or switched, in milliseconds. */
    private static final int FLUSH_MILLIS = 1_000;

    /** Called by Logback, which finds this class as a service. */
    public Logging() {}

    /** Logs warnings to the standard error output, until another method selects a destination. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        configure(context, new ToStderr(), Level.WARN);
        // Without a status listener, Logback prepares to print its own status, and keeps date formats and time zones in
        // memory.
        context.getStatusManager().add(new NopStatusListener());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs to the standard error output, from level INFO. */
    public static void toStandardError() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        configure(context, new ToStderr(), Level.INFO);
    }

    /** Logs to the kernel's log, from level DEBUG. */
    public static void toKernelLog(KernelLog log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Appender<ILoggingEvent> appender = new ToKernelLog(log);
        appender.setContext(context);
        appender.start();
        configure(context, inBackground(context, appender), Level.DEBUG);
    }

    /**
     * Logs to the journal until a shutdown begins, from level INFO.
     *
     * @param kernelLog the destination during a shutdown
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

    /** The log of a daemon that may carry out a shutdown. */
    public interface ShutdownLog {
        /** Switches to the kernel's log when a shutdown begins: the journal may end at any time. */
        void begin();

        /** Switches back to the journal after a cancelled shutdown. */
        void end();

        /** Logs a message. */
        default void say(EventMessages.Message message) {
            LogMessages.log(message);
        }

        /** Logs a line of the record, for the next boot. */
        default void carry(String line) {
            LogMessages.carry(line);
        }

        /**
         * Waits a short time for queued messages to be written. The time is limited because a serial console may be
         * slow.
         */
        void drain();
    }

    /** A log whose destination does not change, for a run without a shutdown. */
    public static class NoLog implements ShutdownLog {
        @Override
        public void begin() {}

        @Override
        public void end() {}

        @Override
        public void drain() {}
    }

    /** Writes the queued messages, within a time limit, and stops the log. */
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

    /**
     * Returns an appender that writes in a thread, so that the run does not wait for a serial console; the given one if
     * no thread can be created.
     */
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
     * An appender that writes in its own thread, and counts the events not written yet. The queue alone does not count
     * the event that the thread is writing.
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

        /** Drops the event if the queue is full. */
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
            KernelLog.Priority priority = priority(event.getLevel());
            if (!journal.write(priority, event.getFormattedMessage(), fields(event))) {
                // systemd reads the priority from the prefix (sd-daemon(3)).
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
         * Prefixes a line of the record with the time at which it is written, by the monotonic clock: the kernel's log
         * has another clock ({@code local_clock()} in kernel/printk/printk.c), and a slow console delays lines.
         */
        @Override
        protected void append(ILoggingEvent event) {
            String prefix = isRecord(event)
                    ? String.format(Locale.ROOT, "quiesced: record %.6f ", System.nanoTime() / 1e9)
                    : "quiesced: ";
            log.write(priority(event.getLevel()), prefix + event.getFormattedMessage());
        }
    }

    static KernelLog.Priority priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> KernelLog.Priority.ERROR;
            case Level.WARN_INT -> KernelLog.Priority.WARNING;
            case Level.INFO_INT -> KernelLog.Priority.INFO;
            default -> KernelLog.Priority.DEBUG;
        };
    }
}
