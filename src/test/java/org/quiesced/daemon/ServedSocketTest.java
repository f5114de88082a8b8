// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.Configs;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HostServices;
import org.quiesced.host.LocalListener;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.host.linux.LocalSocket;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.Planner;
import org.quiesced.simulation.DryRun;
import org.quiesced.snapshot.SnapshotReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon for a simulated machine that serves its control socket. */
abstract class ServedSocketTest {
    static final int FRIENDS = 4_000_002;

    @TempDir
    Path directory;

    Daemon daemon;
    Shutdowns shutdowns;
    LocalListener listener;
    volatile String text = "";
    volatile boolean machineIsBroken;
    volatile RuntimeException defect;

    @BeforeEach
    void serve() throws Exception {
        Machine machine = BuiltInMachines.byName("nvme-24").orElseThrow();
        SimulatedKernel kernel = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, kernel, Planner.assumingFree(Configs.FILES.shipped()).plan(machine.tree()));
        daemon = new Daemon(
                new SnapshotReader(
                        Altered.with(
                                () -> {
                                    if (machineIsBroken) {
                                        throw new IOException("/sys: Input/output error");
                                    }
                                    return kernel.readTree();
                                },
                                kernel),
                        kernel.workers(),
                        DriveTypes.SUPPORTED,
                        () -> Optional.of("none here"),
                        () -> ExpectedTimes.NONE),
                () -> {
                    if (defect != null) {
                        throw defect;
                    }
                    return text.isEmpty() ? Configs.FILES.shipped() : Configs.FILES.parse("quiesced.toml", text);
                },
                new SilentManager(),
                plan -> {});
        HostServices host = QuietHost.in(directory);
        shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                daemon::current,
                Reported.to(new Logging.NoLog(), new EventStream()),
                host,
                ShutdownWatch.NONE);
        Thread main = new Thread(() -> {
            try {
                daemon.run(shutdowns);
            } catch (InterruptedException e) {
                return;
            }
        });
        main.setDaemon(true);
        main.start();
        listener = LocalSocket.listen(path(), Optional.empty());
        Threads threads = new Threads(() -> false);
        threads.start("drives", daemon::askDrives);
        threads.start("socket", () -> {
            try {
                ConnectionLimits limits = new ConnectionLimits(LinuxHost.user());
                new ControlServer(listener, control(limits), limits).serve();
            } catch (IOException e) {
                return;
            }
        });
    }

    @AfterEach
    void close() {
        listener.close();
    }

    Path path() {
        return directory.resolve("socket");
    }

    ControlInterface control(ConnectionLimits limits) {
        return new ControlInterface(
                daemon,
                shutdowns,
                new EventStream(),
                limits,
                Optional.of(FRIENDS),
                new ServiceInterface(level -> {}, Map::of),
                DryRun::of);
    }

    Connection connect() throws IOException {
        Connection connection = LocalSocket.connect(path());
        connection.limitWaiting(Duration.ofSeconds(30));
        return connection;
    }

    static String read(Connection connection) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] one = new byte[1];
        while (connection.read(one) == 1 && one[0] != 0) {
            message.write(one[0]);
        }
        return message.toString(StandardCharsets.UTF_8);
    }

    static void write(Connection connection, String text) throws IOException {
        connection.write(text.getBytes(StandardCharsets.UTF_8));
    }

    JsonNode ask(String call) throws IOException {
        try (Connection connection = connect()) {
            write(connection, call + "\0");
            return JsonMapper.shared().readTree(read(connection));
        }
    }
}
