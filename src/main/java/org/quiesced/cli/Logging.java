// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.quiesced.kernel.KernelLog;
import org.slf4j.LoggerFactory;

/** Where log messages go. There is no configuration file for it: at shutdown there is one place that can be relied on. */
public final class Logging extends ContextAwareBase implements Configurator {
    /** A slow console makes the kernel's log slow; what waits for it is kept here. One message per device and event fits. */
    private static final int QUEUE = 8192;
    /** How long to wait at the end for a slow console, in milliseconds. */
    private static final int FLUSH_MILLIS = 1_000;

    /** Is called by Logback, which finds this class as a service. */
    public Logging() {}

    /** Lets nothing but warnings through, to the standard error output, until somebody says otherwise. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        configure(context, new ToStderr(), Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Lets all that an administrator should see through, to the standard error output. */
    static void toStandardError() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        configure(context, new ToStderr(), Level.INFO);
    }

    /** Lets everything through, to the kernel's log. */
    static void toKernelLog(KernelLog log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Appender<ILoggingEvent> appender = new ToKernelLog(log);
        appender.setContext(context);
        appender.start();
        configure(context, inBackground(context, appender), Level.DEBUG);
    }

    /** Writes out what is queued, and stops. */
    static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
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
        AsyncAppender background = new AsyncAppender();
        background.setContext(context);
        background.setQueueSize(QUEUE);
        background.setDiscardingThreshold(0);
        background.setNeverBlock(true);
        background.setMaxFlushTime(FLUSH_MILLIS);
        background.addAppender(appender);
        try {
            background.start();
            return background;
        } catch (OutOfMemoryError e) {
            return appender;
        }
    }

    private static final class ToStderr extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            System.err.println(event.getFormattedMessage());
        }
    }

    private static final class ToKernelLog extends AppenderBase<ILoggingEvent> {
        private final KernelLog log;

        ToKernelLog(KernelLog log) {
            this.log = log;
        }

        @Override
        protected void append(ILoggingEvent event) {
            log.write(priority(event.getLevel()), "quiesced: " + event.getFormattedMessage());
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
