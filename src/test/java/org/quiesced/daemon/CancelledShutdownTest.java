// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.guard.ForcedEnd;
import org.quiesced.guard.Guard;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HookTalk;
import org.quiesced.hook.HostServices;
import org.quiesced.host.SystemManager;
import org.quiesced.host.SystemManager.State;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.host.simulated.SimulatedSystemManager;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.report.Cancellation;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.Snapshot;

@Timeout(60)
class CancelledShutdownTest {
    /** Number of units that are started again after a cancelled shutdown. */
    private static final int UNITS = 6;

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration KILLING = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final MachineBuilder builder = new MachineBuilder("two drives");
    private final SimulatedSystemManager systemd = new SimulatedSystemManager();
    private final SimulatedSysRq sysRq = new SimulatedSysRq();
    private final AtomicBoolean atTheEnd = new AtomicBoolean();
    private final SimulatedSystemState systemState = new SimulatedSystemState();
    private final HeardLog log = new HeardLog();
    private final HeardAnswers heard = new HeardAnswers();
    private final List<String> answers = heard.answers();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private String text = "mode = \"on\"\nearly = \"free\"\n";
    private final List<String> begun = heard.begun();
    private final CountDownLatch probes = new CountDownLatch(1);
    private boolean probesWait;
    private SimulatedKernel kernel;
    private Daemon daemon;
    private Shutdowns shutdowns;

    private final class Manager extends SilentManager {
        @Override
        public void status(String line) {
            told.add(line);
        }

        @Override
        public Optional<Duration> watchdog() {
            return Optional.of(Duration.ofMillis(100));
        }
    }

    @BeforeEach
    void twoDrives() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(1));
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofMillis(200));
    }

    private Config load() throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", text);
    }

    private Optional<String> remark() {
        return daemon.cancelled().map(Cancellation::describe);
    }

    private void start() throws ConfigException, IOException {
        start(systemd);
    }

    private void start(SystemManager manager) throws ConfigException, IOException {
        Machine machine = builder.build();
        kernel = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, kernel, Planner.assumingFree(load()).plan(machine.tree()));
        daemon = new Daemon(Readers.of(kernel), this::load, new Manager(), plan -> {});
        Guard guard = new Guard(
                new ForcedEnd(kernel, kernel.workers(), sysRq, ForcedEnd.Waits.SHORT),
                manager,
                atTheEnd::get,
                log,
                daemon::shutdownWasCancelled,
                INTERVAL,
                () -> KILLING);
        HostServices host = new HostServices(systemState, line -> {}, new Manager(), new HookLimit(directory));
        Kernel seen = probesWait ? Altered.with(withSlowProbes(kernel.drivers()), kernel) : kernel;
        shutdowns = new Shutdowns(seen, kernel.workers(), daemon, Reported.to(log, new EventStream()), host, guard);
        Threads threads = new Threads(() -> false);
        guard.start(threads, shutdowns::cancel);
        shutdowns.start(threads);
        threads.start("main", () -> daemon.run(shutdowns));
    }

    private Drivers withSlowProbes(Drivers drivers) {
        return new SameDrivers(drivers) {
            @Override
            public void bind(Device device) throws IOException {
                try {
                    probes.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.bind(device);
            }
        };
    }

    private HookTalk.Hook hook() {
        return heard.hook();
    }

    private long bound() {
        return drives().stream().filter(kernel.drivers()::isBound).count();
    }

    private List<Device> drives() {
        return daemon.current().ready().devices();
    }

    @Test
    void cancelledShutdownRestoresTheFormerState() throws Exception {
        start();
        systemd.is(State.STOPPING);
        Snapshot before = daemon.current();
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        assertThat(shutdowns.isActive()).isTrue();

        systemd.is(State.UP);

        until(() -> remark().isPresent());
        assertThat(bound()).as("drives that are bound again").isEqualTo(2);
        assertThat(remark().orElseThrow())
                .matches("the shutdown of \\d\\d:\\d\\d UTC was cancelled; 2 drives were bound again");
        assertThat(kernel.hasExpeditedGracePeriods()).isFalse();
        assertThat(log.switches()).as("beginning and end of the log").containsExactly("begin", "end");
        until(() -> !shutdowns.isActive() && daemon.current().ready() != before.ready());
        until(() -> told.get(told.size() - 1).endsWith("2 drives were bound again"));
        assertThat(systemd.started())
                .containsExactly(
                        "quiesced-stopping.service",
                        "quiesced-network.service",
                        "quiesced-early.service",
                        "quiesced-exitrd.service",
                        "quiesced-release.service",
                        "quiesced-record.service");
    }

    @Test
    void shutdownAfterACancelledOneShutsDrivesDown() throws Exception {
        cancelledShutdownRestoresTheFormerState();
        systemd.is(State.STOPPING);

        shutdowns.late(Verb.REBOOT, hook(), false);

        until(() -> !answers.isEmpty() && answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
        assertThat(bound()).isZero();
    }

    /**
     * Cancels a shutdown, and starts another one while drivers are being bound again, which does not end before
     * {@link #probes} is counted down. Returns the snapshot before the first shutdown.
     */
    private Snapshot startUndoing() throws Exception {
        probesWait = true;
        start();
        systemd.is(State.STOPPING);
        Snapshot before = daemon.current();
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        systemd.is(State.UP);
        until(() -> systemd.started().size() == UNITS);
        systemd.is(State.STOPPING);
        return before;
    }

    @Test
    void hookDuringTheRestorationGetsARunAfterIt() throws Exception {
        Snapshot before = startUndoing();

        shutdowns.late(Verb.POWEROFF, hook(), false);
        until(() -> begun.contains("1"));
        until(() -> answers.size() > 1);
        assertThat(answers).as("signs of life for the hook").allMatch(line -> line.startsWith("1 progress "));
        assertThat(shutdowns.isInFlight()).isTrue();
        probes.countDown();

        until(() -> answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
        assertThat(bound()).isZero();
        assertThat(daemon.current().ready())
                .as("by a plan of what was bound again")
                .isNotSameAs(before.ready());
    }

    @Test
    void earlyPhaseDuringTheRestorationBeginsAfterIt() throws Exception {
        startUndoing();

        shutdowns.stopping(Verb.REBOOT);
        shutdowns.early(Verb.REBOOT);
        assertThat(remark()).isEmpty();
        probes.countDown();

        until(() -> remark().isPresent() && shutdowns.isActive() && bound() == 0);
        assertThat(remark().orElseThrow()).endsWith("2 drives were bound again");
        shutdowns.late(Verb.REBOOT, hook(), false);
        until(() -> !answers.isEmpty() && answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
    }

    @Test
    void drivesUnmountedByACancelledShutdownGoDownInTheNextLatePhase() throws Exception {
        text = "mode = \"on\"\nearly = \"released\"\n";
        List<String> disks =
                List.of("/devices/pci/0000:01:00.0/nvme/nvme0/nvme0n1", "/devices/pci/0000:02:00.0/nvme/nvme1/nvme1n1");
        builder.inUse("/devices/pci/0000:01:00.0", "mounted on /srv/a");
        builder.inUse("/devices/pci/0000:02:00.0", "mounted on /srv/b");
        probesWait = true;
        start();
        systemd.is(State.STOPPING);
        shutdowns.stopping(Verb.REBOOT);
        disks.forEach(kernel::letGo);
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        systemd.is(State.UP);
        until(() -> systemd.started().size() == UNITS);
        systemd.is(State.STOPPING);

        shutdowns.stopping(Verb.REBOOT);
        shutdowns.early(Verb.REBOOT);
        probes.countDown();

        until(() -> log.said().stream()
                        .filter(line -> line.contains("was not observed to be released"))
                        .count()
                == 2);
        assertThat(bound()).isEqualTo(2);
        shutdowns.late(Verb.REBOOT, hook(), false);
        until(() -> !answers.isEmpty() && answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
    }

    @Test
    void earlyPhaseCancelledDuringTheRestorationDoesNotBegin() throws Exception {
        startUndoing();

        shutdowns.stopping(Verb.REBOOT);
        shutdowns.early(Verb.REBOOT);
        systemd.is(State.UP);
        until(() -> systemd.started().size() == 2 * UNITS);
        probes.countDown();

        until(() -> remark().filter(text -> text.endsWith("2 drives were bound again"))
                .isPresent());
        assertThat(bound()).isEqualTo(2);
        assertThat(shutdowns.isInFlight()).isFalse();
        assertThat(log.switches()).as("beginning and end of the log").containsExactly("begin", "end");
    }

    @Test
    void hookThatEndsDuringTheRestorationGetsNoRun() throws Exception {
        startUndoing();
        systemState.end("1");

        shutdowns.late(Verb.REBOOT, hook(), false);
        until(() -> log.said().contains("the hook has ended; what has not begun is left to the kernel"));
        probes.countDown();

        until(() -> !shutdowns.isInFlight());
        assertThat(bound()).isEqualTo(2);
    }

    @Test
    void driveInFlightIsAwaitedAndBoundAgain() throws Exception {
        start();
        systemd.is(State.UP);
        shutdowns.early(Verb.REBOOT);

        until(() -> remark().isPresent());

        assertThat(bound()).isEqualTo(2);
    }

    private static List<List<State>> answersThatAreNotClear() {
        return List.of(List.of(State.UP, State.STOPPING, State.UP, State.UNKNOWN), List.of(State.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNotClear")
    void cancellationNeedsTwoConsecutiveClearAnswers(List<State> answers) throws Exception {
        List<State> given = new CopyOnWriteArrayList<>();
        start(new SystemManager() {
            @Override
            public State state() {
                State next = answers.get(given.size() % answers.size());
                given.add(next);
                return next;
            }

            @Override
            public void start(String unit) {}
        });
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        int before = given.size();

        until(() -> given.size() > before + 12);

        assertThat(remark()).isEmpty();
        assertThat(bound()).isZero();
    }

    @Test
    void latePhaseIsNotCancelled() throws Exception {
        start();
        systemd.is(State.STOPPING);
        shutdowns.early(Verb.REBOOT);
        shutdowns.late(Verb.REBOOT, hook(), false);
        systemd.is(State.UP);
        until(() -> bound() == 0);

        Thread.sleep(INTERVAL.multipliedBy(10).toMillis());

        assertThat(remark()).isEmpty();
        assertThat(bound()).isZero();
    }

    @Test
    void limitEndsWithAShutdownCancelledBeforeItsEarlyPhase() throws Exception {
        text += "limit = \"5s\"\n";
        start();
        systemd.is(State.UP);

        shutdowns.stopping(Verb.REBOOT);

        until(() -> remark().isPresent());
        assertThat(remark().orElseThrow()).endsWith("was cancelled; no drive had gone down");
        Thread.sleep(5_300);
        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void limitHoldsForAShutdownThatContinues() throws Exception {
        text += "limit = \"1s\"\n";
        start();
        systemd.is(State.STOPPING);

        shutdowns.stopping(Verb.POWEROFF);

        until(() -> sysRq.calls().contains("power off"));
        assertThat(sysRq.calls().get(0)).startsWith("say the shutdown has not ended within 1.00 s");
    }

    @Test
    void guardAllowsSystemdTwiceItsTimeoutToEndProcesses() {
        assertThat(Guard.killing(Optional.of(Duration.ofSeconds(10)))).isEqualTo(Duration.ofSeconds(20));
        assertThat(Guard.killing(Optional.empty())).as("its default").isEqualTo(Duration.ofSeconds(180));
    }

    @Test
    void guardNoticesAStuckDriverWithoutAHook() throws Exception {
        text += "last_resort = \"1s\"\n[driver.slow]\nmethod = \"unbind\"\nshutdown = \"parallel\"\ntimeout = \"1s\"\n";
        builder.fault(builder.device("/devices/pci", "0000:03:00.0", "pci", "slow"), Fault.HANGS);
        start();
        systemd.is(State.STOPPING);
        shutdowns.early(Verb.REBOOT);
        Thread.sleep(2_500);
        assertThat(sysRq.calls()).as("systemd still stops units").isEmpty();

        long end = System.nanoTime();
        atTheEnd.set(true);

        until(() -> sysRq.calls().contains("restart"));
        assertThat(Duration.ofNanos(System.nanoTime() - end))
                .as("systemd may still end processes and unmount")
                .isGreaterThanOrEqualTo(KILLING);
    }
}
