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

/** Reads this machine, plans, and shuts down for real, in one go. */
public final class OneShot {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private static final Duration LOOK = Duration.ofMillis(200);

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

    /** Hears of the run, on its thread. */
    interface Listener {
        /** Listens to nothing. */
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

        /** Something has happened. */
        void happened(Event event);

        /** The run has ended. */
        void ended();
    }

    /** Prepares it. */
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
         * Returns whether no device failed: each one that was not left to the kernel for a reason of its own, a user
         * for example, is down, has confirmed it, and is stopped if it was to be.
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
     * Carries it out.
     *
     * @param deadline how long it may take
     * @throws IOException if the machine can't be read; nothing was done then
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
        EventMessages words = new EventMessages(plan, EventMessages.Severity.DEBUG);
        LogMessages.log(words.beginning(verb.word()));
        Run run = new Run(new PreparedPlan(plan), verb, kernel, workers, left, event -> {
            begun |= event instanceof Event.Unbinding;
            words.of(event).ifPresent(LogMessages::log);
            listener.happened(event);
        });
        work = Optional.of(new Begun(plan, run));
        if (abandoned) {
            run.abandon();
        }
        listener.begins(plan);
        Timeline timeline = run.execute();
        LogMessages.log(words.end(timeline));
        listener.ended();
        return new Result(plan, timeline);
    }

    /**
     * Lets no SIGINT, SIGTERM or SIGHUP end the process once a driver is being taken away: the driver's wait for its
     * drive would be cut short. Before that they end it, and nothing is left behind. The process then ends by {@link
     * Runtime#halt}.
     *
     * @param refusal is run at the first of them that is not heeded
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
     * Reports that the process that asked for the run is gone: nothing new is begun, and the run ends. Any thread may
     * call it, at any time.
     */
    void abandon() {
        abandoned = true;
        Optional<Begun> current = work;
        if (current.isPresent()) {
            current.get().run().abandon();
        }
    }

    /**
     * Waits for the end of the machine if a controller is kept, which would be reset when this process ends. A second
     * one-shot command, or the daemon, finds it in use.
     */
    void awaitEndOfMachine() {
        while (kernel.nvmeRegisters().isKeeping()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /**
     * Waits, without a limit, until all that it has begun has ended, though it may have been given up: a driver's wait
     * for its drive ends with the process that began it.
     */
    public void awaitUnfinished() {
        Optional<Begun> current = work;
        while (current.isPresent() && current.get().isUnfinished()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /**
     * Does the same at the end of a shutdown: what is stuck for too long is brought to an end by the
     * {@link LastResort}.
     */
    public void awaitUnfinished(SysRq sysRq) throws InterruptedException {
        Optional<Begun> current = work;
        if (current.isPresent()) {
            Plan plan = current.get().plan();
            Run run = current.get().run();
            LastResort guard =
                    new LastResort(new ForcedEnd(kernel, workers, sysRq, ForcedEnd.Waits.NORMAL), () -> false, LOOK);
            guard.watch(plan, run::delayingWalk, run::isAtWork);
            guard.late(verb, config, plan);
            while (!run.unfinished().isEmpty()) {
                guard.check();
                Thread.sleep(LOOK.toMillis());
            }
        }
    }
}
