// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
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
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.host.simulated.SimulatedSystemManager;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.report.Cancellation;
import org.quiesced.snapshot.Readers;

/** A daemon with two drives and its guard, whose shutdown systemd may cancel. */
abstract class GuardedDaemonTest {
    static final Duration INTERVAL = Duration.ofMillis(20);
    static final Duration KILLING = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    final MachineBuilder builder = new MachineBuilder("two drives");
    final SimulatedSystemManager systemd = new SimulatedSystemManager();
    final SimulatedSysRq sysRq = new SimulatedSysRq();
    final AtomicBoolean atTheEnd = new AtomicBoolean();
    final SimulatedSystemState systemState = new SimulatedSystemState();
    final HeardLog log = new HeardLog();
    final HeardAnswers heard = new HeardAnswers();
    final List<String> answers = heard.answers();
    final List<String> told = new CopyOnWriteArrayList<>();
    String text = "mode = \"on\"\nearly = \"free\"\n";
    final List<String> begun = heard.begun();
    final CountDownLatch probes = new CountDownLatch(1);
    boolean probesWait;
    SimulatedKernel kernel;
    Daemon daemon;
    Shutdowns shutdowns;

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

    Config load() throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", text);
    }

    Optional<String> remark() {
        return daemon.cancelled().map(Cancellation::describe);
    }

    void start() throws ConfigException, IOException {
        start(systemd);
    }

    void start(SystemManager manager) throws ConfigException, IOException {
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
        HostServices host = new HostServices(
                systemState, line -> {}, new Manager(), new HookLimit(directory), new SimulatedExitrd());
        Kernel seen = probesWait ? Altered.with(withSlowProbes(kernel.drivers()), kernel) : kernel;
        shutdowns = new Shutdowns(seen, kernel.workers(), daemon, Reported.to(log, new EventStream()), host, guard);
        Threads threads = new Threads(() -> false);
        guard.start(threads, shutdowns::cancel);
        shutdowns.start(threads);
        threads.start("main", () -> daemon.run(shutdowns));
    }

    Drivers withSlowProbes(Drivers drivers) {
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

    HookTalk.Hook hook() {
        return heard.hook();
    }

    long bound() {
        return drives().stream().filter(kernel.drivers()::isBound).count();
    }

    List<Device> drives() {
        return daemon.current().ready().devices();
    }
}
