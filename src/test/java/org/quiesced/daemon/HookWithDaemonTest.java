// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.Script;
import org.quiesced.config.Configs;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.SystemState;
import org.quiesced.host.linux.FifoPair;
import org.quiesced.host.linux.LinuxSystemState;
import org.quiesced.host.linux.SystemdNotifier;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSystemManager;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.Snapshot;

/**
 * The installed script of the hook, with different paths, and the daemon, with real pipes and processes between them.
 */
@Timeout(value = 60, unit = SECONDS)
class HookWithDaemonTest {
    private static final int DRIVES = 3;

    @TempDir
    private Path root;

    private Path directory;

    private SimulatedKernel kernel;
    private Shutdowns shutdowns;
    private FifoPair pipes;

    /** This machine, as if it were at the end of its shutdown. */
    private static final class AtTheEnd implements SystemState {
        private final SystemState real = new LinuxSystemState();

        @Override
        public boolean isContainer() {
            return false;
        }

        @Override
        public Optional<Duration> killTimeout() {
            return Optional.empty();
        }

        @Override
        public boolean isFinalPhase() {
            return true;
        }

        @Override
        public Optional<HostProcess> process(String pid) {
            return real.process(pid);
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createDirectories(root.resolve("run/quiesced"));
        Files.createDirectories(root.resolve("proc/1"));
        Files.createDirectories(root.resolve("dev"));
    }

    private void daemon(String config, Duration latency) throws Exception {
        daemon(config, latency, WalkMode.SERIAL);
    }

    private void daemon(String config, Duration latency, WalkMode walk) throws Exception {
        MachineBuilder builder = new MachineBuilder("hook").parameter("core", "async_shutdown", walk.value());
        for (int i = 1; i <= DRIVES; i++) {
            builder.nvme("/devices/pci", "0000:0" + i + ":00.0", latency);
        }
        Machine machine = builder.build();
        kernel = SimulatedKernel.inRealTime(machine);
        Snapshot current = Readers.of(kernel).read(Configs.FILES.parse("quiesced.toml", config), KnownLatencies.none());
        CheckedRun.addMachineAtWork(machine, kernel, current.ready().plan());
        HostServices host = new HostServices(
                new AtTheEnd(),
                line -> {},
                new SystemdNotifier(Map.of()),
                new HookLimit(directory),
                new SimulatedExitrd());
        shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                () -> current,
                Reported.to(new Logging.NoLog(), new EventStream()),
                host,
                ShutdownWatch.NONE);
        Threads threads = new Threads(shutdowns::isInFlight);
        shutdowns.start(threads);
        pipes = new FifoPair(directory);
        threads.start(
                "trigger",
                new HookRequests(
                        pipes,
                        shutdowns,
                        host.systemState(),
                        Reported.recorder(),
                        new VerbOfShutdown(new SimulatedSystemManager(), directory))::serve);
        ProcessFile.publish(directory.resolve("pid"), ProcessHandle.current().pid());
    }

    private Process hook() throws Exception {
        Files.writeString(root.resolve("proc/1/comm"), "systemd-shutdow\n");
        String script = Script.of("systemd/system-shutdown/quiesced", root).text();
        Files.writeString(root.resolve("dev/kmsg"), "");
        return new ProcessBuilder("sh", "-c", script, "quiesced", "reboot").start();
    }

    /** Returns the number of drives that have been shut down. */
    private long downs() {
        return kernel.log().operations().stream()
                .filter(HookWithDaemonTest::isShutdown)
                .count();
    }

    private static boolean isShutdown(Operation operation) {
        return operation.to() - operation.from() > Duration.ofMillis(100).toNanos();
    }

    @AfterEach
    void close() {
        pipes.close();
    }

    @Test
    void hookReturnsWhenAllDrivesAreDown() throws Exception {
        daemon("mode = \"on\"\n", Duration.ofSeconds(2));
        assertThat(hook().waitFor()).isZero();

        assertThat(downs()).isEqualTo(DRIVES);
        assertThat(root.resolve("dev/kmsg")).as("nobody complains").isEmptyFile();
        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().contains("waiting")))
                    .isEmpty();
        }
    }

    @Test
    void hookReturnsAtHandoverWithDrivesInFlight() throws Exception {
        daemon("mode = \"on\"\nhandover = true\n", Duration.ofSeconds(8));
        assertThat(hook().waitFor()).isZero();

        assertThat(downs()).isZero();
        assertThat(shutdowns.isInFlight()).isTrue();
    }

    @Test
    void hookHandsOverToAParallelKernel() throws Exception {
        daemon("mode = \"on\"\n", Duration.ofSeconds(8), WalkMode.ASYNCHRONOUS);
        assertThat(hook().waitFor()).isZero();

        assertThat(downs()).isZero();
        assertThat(shutdowns.isInFlight()).isTrue();
    }

    @Test
    void hookHandsOverToAParallelKernelWithHandoverAuto() throws Exception {
        daemon("mode = \"on\"\nhandover = \"auto\"\n", Duration.ofSeconds(8), WalkMode.ASYNCHRONOUS);
        assertThat(hook().waitFor()).isZero();

        assertThat(downs()).isZero();
    }

    @Test
    void hookWaitsOnAParallelKernelWithHandoverOff() throws Exception {
        daemon("mode = \"on\"\nhandover = false\n", Duration.ofSeconds(2), WalkMode.ASYNCHRONOUS);
        assertThat(hook().waitFor()).isZero();

        assertThat(downs()).isEqualTo(DRIVES);
    }

    @Test
    void runBeginsNothingAfterSystemdEndsTheHook() throws Exception {
        daemon("mode = \"safe\"\n", Duration.ofSeconds(3));
        Process hook = hook();
        // The first operation is a flush, which directly precedes the unbind.
        while (kernel.log().operations().isEmpty()) {
            Thread.sleep(5);
        }
        hook.destroy();
        while (shutdowns.isInFlight()) {
            Thread.sleep(5);
        }
        assertThat(downs()).as("the one that was in flight").isEqualTo(1);
    }
}
