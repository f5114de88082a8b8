// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.Console;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSystemManager;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.plan.Planner;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.SnapshotReader;

/** A daemon with two drives on a simulated machine in real time. */
abstract class StartedDaemonTest {
    /** Time limit for what other threads do, in seconds. */
    static final long AGES = Awaiting.LIMIT.toSeconds();

    static final String FIRST = "/devices/pci/0000:01:00.0";
    static final String FIRST_DISK = FIRST + "/nvme/nvme0/nvme0n1";

    @TempDir
    Path directory;

    final MachineBuilder builder = new MachineBuilder("life");
    final HeardNotifications manager = new HeardNotifications();
    final QueuedRequests pipe = new QueuedRequests();
    final EventStream stream = new EventStream();
    final LinkedBlockingQueue<String> console = new LinkedBlockingQueue<>();
    SimulatedSystemState systemState = new SimulatedSystemState();
    Console shown = console::add;
    final SimulatedSystemManager systemd = new SimulatedSystemManager();
    SimulatedExitrd exitrd = new SimulatedExitrd();
    Shutdowns shutdowns;
    String text = "mode = \"on\"\n";
    SimulatedKernel kernel;
    Daemon daemon;

    @BeforeEach
    void twoDrives() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(300));
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofMillis(1200));
    }

    Config load() throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", text);
    }

    SimulatedKernel kernel() throws ConfigException {
        Machine machine = builder.build();
        SimulatedKernel simulated = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, simulated, Planner.assumingFree(load()).plan(machine.tree()));
        return simulated;
    }

    void start() throws ConfigException, IOException {
        kernel = kernel();
        start(Readers.of(kernel));
    }

    Shutdowns newShutdowns() {
        return new Shutdowns(
                kernel,
                kernel.workers(),
                daemon,
                Reported.to(new Logging.NoLog(), stream),
                new HostServices(systemState, shown, manager, new HookLimit(directory), exitrd),
                ShutdownWatch.NONE);
    }

    void start(SnapshotReader reader) throws ConfigException, IOException {
        daemon = new Daemon(reader, this::load, manager, plan -> {});
        shutdowns = newShutdowns();
        Threads threads = new Threads(() -> false);
        shutdowns.start(threads);
        threads.start("drives", daemon::askDrives);
        threads.start(
                "trigger",
                new HookRequests(
                                pipe,
                                shutdowns,
                                systemState,
                                Reported.recorder(),
                                new VerbOfShutdown(systemd, directory))::serve);
        threads.start("main", () -> daemon.run(shutdowns));
    }

    /** Returns the operations that took more than 100 ms: the drives' own shutdowns. */
    List<OperationLog.Operation> slowOperations() {
        return kernel.log().operations().stream()
                .filter(operation -> operation.to() - operation.from() > 100_000_000L)
                .toList();
    }
}
