// SPDX-License-Identifier: Apache-2.0
package org.quiesced.oneshot;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.quiesced.config.Config;
import org.quiesced.guard.EndHook;
import org.quiesced.guard.ForcedEnd;
import org.quiesced.guard.LastResort;
import org.quiesced.host.SysRq;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.WalkMode;
import org.quiesced.log.LogMessages;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.report.EventMessages;
import org.quiesced.run.Event;
import org.quiesced.run.OrphanedStops;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts a machine down: reads it, plans, and executes the plan. For the thread that creates it, except {@link
 * #abandon}.
 */
public final class OneShot {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /** Interval of checks for the end of changes. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final Kernel kernel;
    private final WorkerSource workers;
    private final Config config;
    private final Verb verb;
    private final Listener listener;
    private volatile Optional<Begun> work = Optional.empty();
    private volatile boolean abandoned;
    private volatile boolean begun;

    /** A run, and the plan that it executes. */
    private record Begun(Plan plan, Run run) {
        boolean isUnfinished() {
            return !run.unfinished().isEmpty();
        }
    }

    /** Listener to a run, called on its thread. */
    interface Listener {
        /** Ignores everything. */
        Listener NONE = new Listener() {
            @Override
            public void begins(Plan plan) {}

            @Override
            public void happened(Event event) {}

            @Override
            public void ended() {}
        };

        /** The run is about to begin. */
        void begins(Plan plan);

        /** An event has happened. */
        void happened(Event event);

        /** The run has ended. */
        void ended();
    }

    /** Creates an instance; reads nothing. */
    public OneShot(Kernel kernel, WorkerSource workers, Config config, Verb verb) {
        this(kernel, workers, config, verb, Listener.NONE);
    }

    OneShot(Kernel kernel, WorkerSource workers, Config config, Verb verb, Listener listener) {
        this.listener = listener;
        this.kernel = kernel;
        this.workers = workers;
        this.config = config;
        this.verb = verb;
    }

    /** The plan and its result. */
    public record Result(Plan plan, Timeline timeline) {
        /**
         * Returns whether no device failed: each device is down, confirmed and stopped if required, or was left to the
         * kernel for another reason than a failure, such as a user.
         */
        public boolean isGood() {
            return timeline.outcomes().stream().noneMatch(Result::hasFailed);
        }

        private static boolean hasFailed(Timeline.Outcome outcome) {
            return outcome.shortcoming().isPresent()
                    || outcome.leftBecause()
                            .filter(reason -> reason instanceof Reason.Failed
                                    || reason instanceof Reason.TimedOut
                                    || reason instanceof Reason.DeadlineReached
                                    || reason instanceof Reason.HookEnded)
                            .isPresent();
        }
    }

    /**
     * Plans and executes the shutdown.
     *
     * @param deadline time limit of the whole call
     * @throws IOException if the machine cannot be read; no device was shut down then
     */
    public Result run(Duration deadline) throws IOException {
        LongSupplier clock = workers.newPool()::now;
        long begin = clock.getAsLong();
        OrphanedStops.complete(kernel, workers, DriveTypes.SUPPORTED, verb, deadline, LOG::info);
        Duration left = deadline.minusNanos(clock.getAsLong() - begin);
        Plan plan = Planner.assumingFree(config)
                .withWalk(WalkMode.of(kernel.drivers()))
                .plan(kernel.readTree());
        plan.warnings().forEach(LOG::warn);
        EventMessages messages = new EventMessages(plan, EventMessages.Severity.DEBUG);
        LogMessages.log(messages.beginning(verb.word()));
        Run run = new Run(new PreparedPlan(plan), verb, kernel, workers, left, event -> {
            begun |= event instanceof Event.Unbinding;
            messages.of(event).ifPresent(LogMessages::log);
            listener.happened(event);
        });
        work = Optional.of(new Begun(plan, run));
        if (abandoned) {
            run.abandon();
        }
        listener.begins(plan);
        Timeline timeline = run.execute();
        LogMessages.log(messages.end(timeline));
        listener.ended();
        return new Result(plan, timeline);
    }

    /**
     * Makes the process ignore SIGINT, SIGTERM and SIGHUP once a driver is being unbound, because the driver's wait for
     * its drive would be cut short. Before that they end the process, after temporary settings are restored. The
     * process then ends only by {@link Runtime#halt}.
     *
     * @param refusal executed at the first signal that is ignored
     */
    public void ignoreSignalsOnceBegun(Runnable refusal) {
        EndHook.install(() -> {
            if (hasBegun()) {
                refusal.run();
                while (true) {
                    LockSupport.park();
                }
            }
            kernel.gracePeriods().recover();
        });
    }

    private boolean hasBegun() {
        Optional<Begun> current = work;
        return begun || current.isPresent() && current.get().isUnfinished();
    }

    /**
     * Reports that the process that requested the run is gone: nothing new is started, and the run ends. Any thread may
     * call this, at any time.
     */
    void abandon() {
        abandoned = true;
        Optional<Begun> current = work;
        if (current.isPresent()) {
            current.get().run().abandon();
        }
    }

    /**
     * Waits forever if an NVMe controller is kept, which would be reset when this process ends. A second one-shot
     * command or the daemon finds the controller in use.
     */
    void awaitEndOfMachine() {
        while (kernel.nvmeRegisters().isKeeping()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Waits, without a limit, until each change that was begun has ended, including those at devices that were given
     * up: a driver stops waiting for its drive when the process that began the unbind ends.
     */
    public void awaitUnfinished() {
        Optional<Begun> current = work;
        while (current.isPresent() && current.get().isUnfinished()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Waits like {@link #awaitUnfinished()}, at the end of a shutdown, and lets the {@link LastResort} act on changes
     * that are stuck.
     */
    public void awaitUnfinished(SysRq sysRq) throws InterruptedException {
        Optional<Begun> current = work;
        if (current.isPresent()) {
            Plan plan = current.get().plan();
            Run run = current.get().run();
            LastResort guard =
                    new LastResort(new ForcedEnd(kernel, workers, sysRq, ForcedEnd.Waits.NORMAL), () -> false, POLL);
            guard.watch(plan, run::delayingWalk, run::isAtWork);
            guard.late(verb, config, plan);
            while (!run.unfinished().isEmpty()) {
                guard.check();
                Thread.sleep(POLL.toMillis());
            }
        }
    }
}
