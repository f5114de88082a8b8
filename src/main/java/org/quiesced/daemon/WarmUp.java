// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.Early;
import org.quiesced.guard.ForcedEnd;
import org.quiesced.guard.Guard;
import org.quiesced.guard.LastResort;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.SystemManager;
import org.quiesced.host.linux.SystemdNotifier;
import org.quiesced.kernel.DeviceEvents;
import org.quiesced.log.LogMessages;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.report.EventMessages;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Expected;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.warmup.WarmUpKernel;
import org.quiesced.work.IdleWorkers;
import org.quiesced.work.WorkerSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes complete shutdowns, from the request to the last answer, on devices that are files, so that all classes and
 * code of a shutdown are loaded.
 */
final class WarmUp {
    /** An expected time, so that the code that reports it is loaded too. */
    private static final Expected EXPECTED =
            new Expected(Optional.of(Duration.ofSeconds(1)), Optional.of(Duration.ofSeconds(1)));

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /**
     * Number of shutdowns. The first loads the classes; the others execute paths of locks and threads that differ from
     * the first use.
     */
    private static final int TIMES = 5;

    /** Maximum time between two answers of a run, sufficient for a busy machine. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private WarmUp() {}

    /**
     * The result of the warm-up.
     *
     * @param isWhole whether all devices went down each time
     * @param downEarly number of devices that were down before the late phase of the first shutdown was requested
     */
    record Result(boolean isWhole, int downEarly) {}

    /**
     * Executes the warm-up, and logs a warning if it fails.
     *
     * @param directory directory to be created for the files
     * @param log the log of a shutdown; nothing is written to it
     * @return the result
     * @throws IOException if the files cannot be created
     */
    static Result in(Path directory, Snapshot snapshot, Logging.ShutdownLog log)
            throws IOException, InterruptedException {
        DriveTypes types = snapshot.ready().plan().types().askedFor(snapshot.config());
        try (WarmUpKernel kernel = WarmUpKernel.in(directory, types);
                WarmUpPipe pipe = new WarmUpPipe()) {
            WorkerSource workers = new IdleWorkers();
            workers.prepare(1);
            Config config = toTheEnd(snapshot.config());
            Snapshot planned = new Snapshot(
                    config,
                    new PreparedPlan(
                            Planner.assumingFree(config).withTypes(types).plan(kernel.readTree())),
                    snapshot.seen(),
                    snapshot.used(),
                    snapshot.latencies(),
                    EXPECTED,
                    snapshot.totals(),
                    snapshot.summary());
            HostServices host = new HostServices(
                    kernel.systemState(),
                    line -> {},
                    new SystemdNotifier(Map.of()),
                    new HookLimit(directory),
                    kernel.exitrd());
            Guard guard = guard(kernel, workers);
            WarmUpEvents events = new WarmUpEvents();
            ShutdownRecorder recorder = new ShutdownRecorder(
                    Optional.of(directory),
                    new ShutdownRecorder.Boot("warm-up", "", System::nanoTime, () -> 0),
                    () -> planned);
            Shutdowns shutdowns = new Shutdowns(
                    kernel, workers, () -> planned, new Reports(new Silence(log), events, recorder), host, guard);
            shutdowns.start(new Threads(shutdowns::isInFlight));
            HookRequests trigger = new HookRequests(
                    pipe, shutdowns, host.systemState(), recorder, new VerbOfShutdown(new NoManager(), directory));
            boolean good = true;
            int early = 0;
            for (int i = 0; i < TIMES; i++) {
                if (i == 0) {
                    serve(trigger, pipe, "stopping ? 1");
                    serve(trigger, pipe, "network ? " + WarmUpPipe.NETWORK);
                    pipe.awaitNetwork();
                    serve(trigger, pipe, "early ?");
                    early = events.awaitEarlyPhase(planned.ready().plan());
                    guard.irrevocable();
                }
                if (i == 1) {
                    serve(trigger, pipe, "late reboot 1 exitrd");
                    serve(trigger, pipe, "exitrd reboot");
                }
                // Only the first stops disks: their attributes request that once.
                serve(trigger, pipe, i == 0 ? "late poweroff 1" : "late reboot 1");
                // Drives over the network go down in the early phase only.
                boolean isOfAll = i == 0 && config.early() != Early.NEVER;
                good &= pipe.awaitEnd();
                good &= events.takeDown() == (isOfAll ? kernel.drives() : kernel.drivesOfLatePhase());
            }
            shutdowns.stop();
            stuck(kernel, workers, planned);
            receiveEvent(types);
            if (!good) {
                LOG.warn("the warm-up of a shutdown has failed; the first shutdown will be slower");
            }
            return new Result(good, early);
        }
    }

    private static void serve(HookRequests trigger, WarmUpPipe pipe, String request) throws IOException {
        pipe.request(request);
        trigger.serveOne();
    }

    /** Returns the configuration without a handover, so that the run is executed to its end. */
    private static Config toTheEnd(Config config) {
        return new Config(
                config.mode(),
                config.deadline(),
                Optional.of(false),
                config.early(),
                config.root(),
                config.release(),
                config.lastResort(),
                config.limit(),
                config.group(),
                config.metrics(),
                config.drivers(),
                config.devices());
    }

    /** Returns a guard without threads; nothing takes long enough for it to act. */
    private static Guard guard(WarmUpKernel kernel, WorkerSource workers) {
        return new Guard(
                new ForcedEnd(kernel, workers, kernel.sysRq(), ForcedEnd.Waits.SHORT),
                new NoManager(),
                kernel.systemState()::isFinalPhase,
                kernel.systemState()::killTimeout,
                new Logging.NoLog(),
                cancellation -> {});
    }

    /** Executes the code of the last resort, for which the disks may be gone when it is needed. */
    private static void stuck(WarmUpKernel kernel, WorkerSource workers, Snapshot planned) throws InterruptedException {
        Plan plan = planned.ready().plan();
        LastResort guard = new LastResort(
                new ForcedEnd(kernel, workers, kernel.sysRq(), ForcedEnd.Waits.SHORT),
                () -> false,
                Duration.ofMillis(1));
        List<Run.Unfinished> unfinished = plan.driven().stream()
                .limit(1)
                .map(device -> new Run.Unfinished(device, Config.LONGEST))
                .toList();
        Run over = new Run(planned.ready(), Verb.POWEROFF, kernel, workers, Duration.ZERO, event -> {});
        guard.watch(plan, over::delayingWalk, over::isAtWork);
        // Nothing is stuck at the first check.
        guard.late(Verb.POWEROFF, Config.DEFAULT, plan);
        guard.check();
        guard.watch(plan, () -> unfinished, () -> false);
        guard.late(Verb.POWEROFF, Config.DEFAULT, plan);
        guard.check();
    }

    /** Executes the code for an event of the tree, which a machine may receive first when drives go down. */
    private static void receiveEvent(DriveTypes types) {
        try {
            new TreeWatch(new OneEvent(), types.watchedSubsystems(), () -> {}).watch();
        } catch (IOException e) {
            return;
        }
    }

    /** A source with one event, which concerns no watched device. */
    private static final class OneEvent implements DeviceEvents {
        private boolean isOver;

        @Override
        public Optional<Notice> await(Duration limit) throws IOException {
            if (isOver) {
                throw new IOException("there are no more events");
            }
            isOver = true;
            return Optional.of(new Change("unbind", "/devices/virtual/warm-up", "block"));
        }

        @Override
        public void close() {}
    }

    private static final class Silence extends Logging.NoLog {
        private final Logging.ShutdownLog log;

        Silence(Logging.ShutdownLog log) {
            this.log = log;
        }

        @Override
        public void drain() {
            log.drain();
        }

        @Override
        public void say(EventMessages.Message message) {
            LogMessages.log(new EventMessages.Message(EventMessages.Severity.DEBUG, message.text()));
        }
    }

    private static final class NoManager implements SystemManager {
        @Override
        public State state() {
            return State.UNKNOWN;
        }

        @Override
        public Optional<Verb> verb() {
            return Optional.of(Verb.POWEROFF);
        }

        @Override
        public void start(String unit) {}
    }
}
