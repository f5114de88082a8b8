// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quiesced.daemon.Awaiting.until;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.Console;
import org.quiesced.host.RequestPipe;
import org.quiesced.host.ServiceManager;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.report.EventJson;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.snapshot.SnapshotReader;
import org.quiesced.varlink.VarlinkException;

/** The life of the daemon on a simulated machine in real time, and its messages to the hook and the service manager. */
class DaemonTest {
    private static final long AGES = 30;
    private static final String FIRST = "/devices/pci/0000:01:00.0";
    private static final String FIRST_DISK = FIRST + "/nvme/nvme0/nvme0n1";

    @TempDir
    private Path directory;

    private final MachineBuilder builder = new MachineBuilder("life");
    private final Manager manager = new Manager();
    private final Pipe pipe = new Pipe();
    private final EventStream stream = new EventStream();
    private final LinkedBlockingQueue<String> console = new LinkedBlockingQueue<>();
    private SimulatedSystemState systemState = new SimulatedSystemState();
    private Console shown = console::add;
    private Shutdowns shutdowns;
    private String text = "mode = \"on\"\n";
    private SimulatedKernel kernel;
    private Daemon daemon;

    /** Records its notifications. */
    private static final class Manager implements ServiceManager {
        private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        private volatile Runnable onAlive = () -> {};
        private volatile Runnable onWatchedOver = () -> {};

        @Override
        public void ready() {
            told.add("ready");
        }

        @Override
        public void reloading() {
            told.add("reloading");
        }

        @Override
        public void status(String line) {
            told.add(line);
        }

        @Override
        public void alive() {
            onAlive.run();
            told.add("alive");
        }

        @Override
        public void watchedOver(boolean isWatched) {
            onWatchedOver.run();
            told.add(isWatched ? "watched" : "not watched");
        }

        @Override
        public Optional<Duration> watchdog() {
            return Optional.of(Duration.ofMillis(300));
        }

        String next(String wanted) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(AGES);
            List<String> seen = new ArrayList<>();
            do {
                String line = told.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(line).as("waiting for " + wanted + " after " + seen).isNotNull();
                seen.add(line);
            } while (!seen.get(seen.size() - 1).equals(wanted));
            return wanted;
        }
    }

    private static final class Pipe implements RequestPipe {
        private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> begun = new LinkedBlockingQueue<>();
        private volatile Runnable onAnswer = () -> {};

        @Override
        public String read() throws IOException {
            try {
                return requests.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void answer(String line) {
            onAnswer.run();
            answers.add(line);
        }

        @Override
        public void begun(String mark) {
            begun.add(mark);
        }

        @Override
        public void close() {}

        List<String> untilEnd() throws InterruptedException {
            List<String> lines = new ArrayList<>();
            do {
                String line = answers.poll(AGES, TimeUnit.SECONDS);
                assertThat(line).as("after " + lines).isNotNull();
                lines.add(line);
            } while (!lines.get(lines.size() - 1).matches("\\S+ (end|handover) .*"));
            return lines;
        }
    }

    @BeforeEach
    void twoDrives() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(300));
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofMillis(1200));
    }

    private Config load() throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", text);
    }

    private SimulatedKernel kernel() throws ConfigException {
        Machine machine = builder.build();
        SimulatedKernel simulated = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, simulated, Planner.assumingFree(load()).plan(machine.tree()));
        return simulated;
    }

    private void start() throws ConfigException, IOException {
        kernel = kernel();
        start(Readers.of(kernel));
    }

    private void start(SnapshotReader reader) throws ConfigException, IOException {
        daemon = new Daemon(reader, this::load, manager, plan -> {});
        shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                daemon::current,
                Reported.to(new Logging.NoLog(), stream),
                new HostServices(systemState, shown, manager, new HookLimit(directory)),
                ShutdownWatch.NONE);
        Threads threads = new Threads(() -> false);
        shutdowns.start(threads);
        threads.start("drives", daemon::askDrives);
        threads.start("trigger", new HookRequests(pipe, shutdowns, systemState, Reported.recorder())::serve);
        threads.start("main", () -> daemon.run(shutdowns));
    }

    /** Returns the operations that took more than 100 ms: the drives' own shutdowns. */
    private List<OperationLog.Operation> slowOperations() {
        return kernel.log().operations().stream()
                .filter(operation -> operation.to() - operation.from() > 100_000_000L)
                .toList();
    }

    @Test
    void daemonIsReadyWithAPlanAndReportsItsSummary() throws Exception {
        builder.inUse(builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(9)), "mounted on /");
        start();

        assertThat(manager.told.poll(AGES, TimeUnit.SECONDS)).isEqualTo("ready");
        String plan = "2 drives in parallel, 1 left to the kernel (nvme2: in use, mounted on /)";
        assertThat(manager.told.poll(AGES, TimeUnit.SECONDS)).startsWith(plan);
        until(() -> daemon.current().summary().equals(plan + "; 1.2 s expected"));
        assertThat(manager.next("alive")).isNotNull();
    }

    @Test
    void unresponsiveDriveDelaysNeitherPlanNorShutdown() throws Exception {
        kernel = kernel();
        CountDownLatch asked = new CountDownLatch(1);
        SnapshotReader reader =
                new SnapshotReader(
                        kernel,
                        kernel.workers(),
                        DriveTypes.SUPPORTED,
                        () -> Optional.of("none here"),
                        () -> ExpectedTimes.NONE) {
                    @Override
                    public ReportedLatencies ask(ReportedLatencies known, Plan seen) {
                        asked.countDown();
                        return forEver();
                    }
                };
        start(reader);
        asked.await();
        Snapshot before = daemon.current();
        daemon.treeHasChanged();
        until(() -> daemon.current() != before);

        pipe.requests.add("late reboot 4711");
        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, 0 to go, .*");
    }

    private static ReportedLatencies forEver() {
        while (true) {
            LockSupport.park();
        }
    }

    @Test
    void unresponsiveServiceManagerDelaysNoShutdown() throws Exception {
        text += "early = \"free\"\n";
        CountDownLatch told = new CountDownLatch(1);
        manager.onWatchedOver = () -> {
            told.countDown();
            forEver();
        };
        start();
        new Threads(() -> false).start("early", () -> shutdowns.early(Verb.REBOOT));
        told.await();

        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, 0 to go, .*");
        assertThat(shutdowns.isActive()).isFalse();
    }

    @Test
    void hookReceivesProgressAndEnd() throws Exception {
        start();
        pipe.requests.add("late reboot 4711");

        List<String> lines = pipe.untilEnd();
        assertThat(lines).allMatch(line -> line.startsWith("4711 "));
        assertThat(lines).anyMatch(line -> line.matches("4711 progress 1 of 2 down, 1 to go, .*"));
        assertThat(lines.get(lines.size() - 1)).matches("4711 end 2 of 2 down, 0 to go, .*");
        assertThat(lines.size()).as("a sign of life each half a second").isGreaterThanOrEqualTo(4);
    }

    @Test
    void latePhaseJoinsDrivesOfTheEarlyPhase() throws Exception {
        text = "mode = \"on\"\nearly = \"free\"\n";
        start();
        pipe.requests.add("early reboot");
        until(() -> !slowOperations().isEmpty());
        pipe.requests.add("late reboot 4711");

        List<String> lines = pipe.untilEnd();
        assertThat(lines)
                .as("the drive that went down early counts from the first line on")
                .noneMatch(line -> line.contains(" 0 of 2 down"));
        assertThat(lines.get(lines.size() - 1)).matches("4711 end 2 of 2 down, .*");
        assertThat(slowOperations()).as("each once").hasSize(2);
    }

    @Test
    void statusReflectsCurrentUsersOfDrives() throws Exception {
        builder.inUse(FIRST, "mounted on /");
        start();
        assertThat(daemon.refresh().summary()).contains("nvme0: in use, mounted on /");
        kernel.letGo(FIRST_DISK);

        assertThat(daemon.refresh().summary())
                .startsWith("2 drives in parallel")
                .doesNotContain("in use");
    }

    @Test
    void driveWithAUserAtTheBeginningOfTheShutdownCountsAsReleased() throws Exception {
        builder.inUse(FIRST, "mounted on /srv");
        start();
        pipe.requests.add("stopping reboot 7");
        assertThat(pipe.begun.poll(AGES, TimeUnit.SECONDS)).isEqualTo("7");
        kernel.letGo(FIRST_DISK);
        pipe.requests.add("early reboot");
        until(() -> !slowOperations().isEmpty());
        assertThat(slowOperations()).extracting(o -> o.device().path()).containsExactly(FIRST);
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, .*");
    }

    @Test
    void partitionWithoutAUserKeepsItsDriveOutOfTheEarlyPhase() throws Exception {
        builder.classDevice(FIRST_DISK + "/nvme0n1p1", "block", Map.of("size", "4096"));
        builder.inUse(FIRST_DISK, "mounted on /srv");
        builder.classDevice(FIRST_DISK + "/nvme0n1p2", "block", Map.of("size", "4096"));
        String released = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(2500));
        String disk = released + "/nvme/nvme2/nvme2n1";
        builder.classDevice(disk + "/nvme2n1p1", "block", Map.of("size", "2"));
        builder.classDevice(disk + "/nvme2n1p5", "block", Map.of("size", "4096"));
        builder.inUse(disk, "mounted on /srv/b");
        start();
        pipe.requests.add("stopping reboot 7");
        assertThat(pipe.begun.poll(AGES, TimeUnit.SECONDS)).isEqualTo("7");
        kernel.letGo(FIRST_DISK + "/nvme0n1p1");
        kernel.letGo(disk + "/nvme2n1p1");
        kernel.letGo(disk + "/nvme2n1p5");
        pipe.requests.add("early reboot");
        until(() -> !slowOperations().isEmpty());
        assertThat(slowOperations()).extracting(o -> o.device().path()).containsExactly(released);
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 3 of 3 down, .*");
    }

    @Test
    void unannouncedShutdownUsesTheLastKnownUsers() throws Exception {
        builder.inUse(FIRST, "mounted on /srv");
        start();
        kernel.letGo(FIRST_DISK);
        pipe.requests.add("early reboot");

        until(() -> !slowOperations().isEmpty());
        assertThat(slowOperations()).extracting(o -> o.device().path()).containsExactly(FIRST);
    }

    @Test
    void daemonRestoresGracePeriodsLeftByAnotherProcess() throws Exception {
        start();
        manager.next("ready");
        kernel.gracePeriods().expedite();

        until(() -> !kernel.hasExpeditedGracePeriods());
    }

    @Test
    void watchdogIsOffFromTheEarlyPhaseOn() throws Exception {
        start();
        manager.next("ready");
        pipe.requests.add("early reboot");
        manager.next("not watched");
        assertThat(manager.told).doesNotContain("watched");
        pipe.requests.add("late reboot 4711");
        pipe.untilEnd();
        manager.next("watched");
    }

    @Test
    void watchdogOffIsRepeatedWithEachSignOfLife() throws Exception {
        text += "early = \"free\"\n";
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(4));
        start();
        pipe.requests.add("early reboot");
        manager.next("not watched");
        manager.next("alive");
        manager.next("not watched");
        manager.next("alive");
        manager.next("not watched");
        pipe.requests.add("late reboot 4711");
        manager.next("watched");
        manager.next("alive");
        manager.next("alive");
        assertThat(manager.told).as("in the end").doesNotContain("watched", "not watched");
    }

    @Test
    void watchdogIsOnAgainOnceNothingIsInFlight() throws Exception {
        text += "early = \"free\"\n[device.\"0000:03:00.0\"]\ntimeout = \"1s\"\n";
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(10));
        start();
        pipe.requests.add("early reboot");
        manager.next("not watched");
        pipe.requests.add("late reboot 4711");
        until(() -> !shutdowns.isActive());
        assertThat(shutdowns.isInFlight()).as("it was given up, and goes on").isTrue();
        assertThat(manager.told).doesNotContain("watched");
        manager.next("watched");
        assertThat(shutdowns.isInFlight()).isFalse();
    }

    @Test
    void runBeginsNothingAfterTheEndOfItsHook() throws Exception {
        text = "mode = \"safe\"\n";
        start();
        pipe.requests.add("late reboot 4711");
        assertThat(pipe.begun.poll(AGES, TimeUnit.SECONDS)).isEqualTo("4711");
        systemState.end("4711");

        until(() -> !shutdowns.isActive());
        until(() -> !shutdowns.isInFlight());
        assertThat(slowOperations()).as("the serial lane had begun with one").hasSize(1);
        assertThat(pipe.answers).noneMatch(line -> line.contains(" end "));
    }

    @Test
    void timeSpentByTheHookIsDeductedFromTheDeadline() throws Exception {
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMinutes(10));
        systemState.age(HookLimit.USUAL.minusSeconds(6));
        start();
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end \\d of [0-2] down, .*");
    }

    @Test
    void requestOnARunningSystemChangesNothing() throws Exception {
        systemState = new SimulatedSystemState(false);
        start();
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd())
                .containsExactly("4711 end nothing is done: the system is not at the end of a shutdown");
        assertThat(pipe.begun).containsExactly("4711");
        assertThat(shutdowns.isActive()).isFalse();
        assertThat(slowOperations()).isEmpty();
    }

    @Test
    void hookLearnsOfTheFirstDriveInFlightBeforeAnyAnswer() throws Exception {
        start();
        pipe.onAnswer = () -> assertThat(pipe.begun).containsExactly("4711");
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).isNotEmpty();
    }

    @Test
    void consoleShowsAtMostALinePerSecond() throws Exception {
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(3500));
        start();
        long begin = System.nanoTime();
        pipe.requests.add("late reboot 4711");
        pipe.untilEnd();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);

        assertThat(console)
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo((int) seconds)
                .allMatch(line -> line.matches("quiesced: \\d of 3 down, .*"));
    }

    @Test
    void blockedConsoleDelaysNoShutdown() throws Exception {
        shown = line -> LockSupport.park();
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(3500));
        start();
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 3 of 3 down, .*");
    }

    @Test
    void hookIsReleasedAtHandoverWhenNothingIsPending() throws Exception {
        text = "mode = \"on\"\nhandover = true\n";
        start();
        pipe.requests.add("late reboot 4711");

        List<String> lines = pipe.untilEnd();
        assertThat(lines.get(lines.size() - 1)).matches("4711 handover [01] of 2 down, .*");
    }

    @Test
    void hookBeforeAnExitrdIsReleasedOnceAllDrivesBeganAndTheNextHookWaits() throws Exception {
        String root = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(300));
        builder.inUse(root, new DiskUser("mounted on /", DiskUser.Release.EXITRD));
        start();
        pipe.requests.add("late reboot 4711 exitrd");
        List<String> first = pipe.untilEnd();
        assertThat(first.get(first.size() - 1)).matches("4711 handover 0 of 3 down, 3 to go, .*");
        assertThat(shutdowns.isActive()).isTrue();

        kernel.letGo(DiskUser.Release.EXITRD);
        pipe.requests.add("late reboot 4712");
        List<String> second = pipe.untilEnd();
        assertThat(second.get(second.size() - 1)).matches("4712 end 3 of 3 down, .*");
        assertThat(pipe.begun).containsExactly("4711", "4712");
    }

    @Test
    void rootDriveGoesDownOnceRootIsUnmounted() throws Exception {
        String root = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(300));
        builder.inUse(root, new DiskUser("mounted on /", DiskUser.Release.EXITRD));
        start();
        pipe.requests.add("late reboot 4711 exitrd");
        pipe.untilEnd();
        kernel.letGo(DiskUser.Release.EXITRD);
        pipe.requests.add("exitrd reboot");
        until(() ->
                slowOperations().stream().anyMatch(down -> down.device().path().equals(root)));

        pipe.requests.add("late reboot 4712");
        assertThat(pipe.untilEnd()).last().asString().matches("4712 end 3 of 3 down, .*");
    }

    @Test
    void exitrdRequestIsIgnoredByARunThatDoesNotWaitForIt() throws Exception {
        start();
        pipe.requests.add("exitrd reboot");
        pipe.requests.add("late reboot 4711");
        pipe.requests.add("exitrd reboot");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, .*");
    }

    @Test
    void hookBeforeAnExitrdWaitsForStopsOfDisks() throws Exception {
        builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofMillis(300));
        start();
        pipe.requests.add("late poweroff 4711 exitrd");

        List<String> lines = pipe.untilEnd();
        assertThat(lines.get(lines.size() - 1)).matches("4711 handover [1-3] of 3 down, .*");
        assertThat(kernel.log().operations())
                .extracting(OperationLog.Operation::kind)
                .contains(OperationLog.Kind.STOP);
    }

    @Test
    void exitrdAfterTheEndOfTheRunTriesTheRestAgain() throws Exception {
        String root = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(300));
        builder.inUse(root, new DiskUser("mounted on /", DiskUser.Release.EXITRD));
        start();
        pipe.requests.add("late reboot 4711");
        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, .*");

        kernel.letGo(DiskUser.Release.EXITRD);
        pipe.requests.add("late reboot 4712");
        assertThat(pipe.untilEnd()).last().asString().matches("4712 end 3 of 3 down, .*");
    }

    @Test
    void malformedRequestChangesNothing() throws Exception {
        start();
        pipe.requests.add("late explode 4711");
        pipe.requests.add("late reboot 4711 initrd");
        pipe.requests.add("early reboot 4711 exitrd");
        pipe.requests.add("");
        pipe.requests.add("late reboot 4712");

        assertThat(pipe.untilEnd()).allMatch(line -> line.startsWith("4712 "));
    }

    @Test
    void reloadIsAnnouncedAndAnInvalidConfigurationIsRefused() throws Exception {
        start();
        manager.next("ready");
        text = "mode = \"off\"\n";
        daemon.reload().get(AGES, TimeUnit.SECONDS);
        manager.next("reloading");
        manager.next("ready");
        manager.next("mode is off, everything is left to the kernel");

        text = "mode = \"offf\"\n";
        assertThatThrownBy(() -> daemon.reload().get(AGES, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConfigException.class)
                .hasMessageContaining("quiesced.toml:1:1: mode: unknown value \"offf\"");
        manager.next("ready");
        assertThat(daemon.current().config().mode().name()).isEqualTo("OFF");
    }

    @Test
    void treeChangedDuringAShutdownIsReadAfterIt() throws Exception {
        start();
        manager.next("ready");
        until(() -> daemon.current().summary().endsWith("expected"));
        Snapshot before = daemon.current();
        pipe.requests.add("late reboot 4711");
        assertThat(pipe.answers.poll(AGES, TimeUnit.SECONDS)).contains("progress");
        manager.told.clear();
        daemon.treeHasChanged();
        manager.next("alive");
        manager.next("alive");
        assertThat(daemon.current()).as("while it is under way").isSameAs(before);
        pipe.untilEnd();

        until(() -> daemon.current().ready() != before.ready());
    }

    @Test
    void accumulatedChangesAreReadOnce() throws Exception {
        kernel = kernel();
        daemon = new Daemon(Readers.of(kernel), this::load, manager, plan -> {});
        Set<Snapshot> standings = Collections.newSetFromMap(new IdentityHashMap<>());
        standings.add(daemon.current());
        manager.onAlive = () -> standings.add(daemon.current());
        for (int i = 0; i < 100; i++) {
            daemon.treeHasChanged();
        }
        Shutdowns shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                daemon::current,
                Reported.to(new Logging.NoLog(), stream),
                new HostServices(systemState, shown, manager, new HookLimit(directory)),
                ShutdownWatch.NONE);
        new Threads(() -> false).start("main", () -> daemon.run(shutdowns));

        for (int i = 0; i < 103; i++) {
            manager.next("alive");
        }
        assertThat(standings).as("the first look, and the one after it all").hasSize(2);
    }

    @Test
    void reloadDuringAShutdownIsAnswered() throws Exception {
        start();
        manager.next("ready");
        pipe.requests.add("late reboot 4711");
        daemon.reload().get(AGES, TimeUnit.SECONDS);
        assertThat(pipe.untilEnd()).isNotEmpty();
    }

    @Test
    void eventsOfAShutdownCanBeFollowed() throws Exception {
        start();
        List<EventJson> seen = new ArrayList<>();
        Thread follower = new Thread(() -> {
            try {
                stream.follow(null, (event, continues) -> seen.add((EventJson) event));
            } catch (IOException | VarlinkException e) {
                return;
            }
        });
        follower.start();
        until(() -> follower.getState() == Thread.State.TIMED_WAITING);
        pipe.requests.add("late reboot 4711");
        follower.join(TimeUnit.SECONDS.toMillis(AGES));

        assertThat(seen.stream().map(EventJson::kind).filter(EventJson.Kind.DONE::equals))
                .hasSize(2);
        assertThat(seen.get(seen.size() - 1).kind()).isEqualTo(EventJson.Kind.END);
    }
}
