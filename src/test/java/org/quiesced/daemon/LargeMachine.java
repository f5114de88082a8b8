// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.config.Configs;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.ServiceManager;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.host.linux.LocalSocket;
import org.quiesced.host.linux.SystemdNotifier;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.simulation.DryRun;
import org.quiesced.snapshot.Readers;

/** A daemon in a separate process, on a simulated machine with many devices, for {@link ControlServerMemoryTest}. */
final class LargeMachine {
    /** Devices per disk of MachineBuilder: target, SCSI device, SCSI disk, block device. */
    private static final int DEVICES_OF_A_DISK = 4;

    private LargeMachine() {}

    private static Machine of(int devices) {
        MachineBuilder builder = new MachineBuilder("large");
        String root = builder.device("/devices/pci0000:00", "0000:00:01.0", "pci", "pcieport");
        String host = builder.device(root, "0000:01:00.0", "pci", "mpt3sas") + "/host0";
        int disks = devices / 2 / DEVICES_OF_A_DISK;
        for (int i = 0; i < disks; i++) {
            builder.scsiDisk(host, "0:0:" + i + ":0", Duration.ofSeconds(6));
        }
        for (int i = disks * DEVICES_OF_A_DISK; i < devices - 2; i++) {
            builder.classDevice(root + "/0000:02:00.0/net/virtual" + i, "net", Map.of());
        }
        return builder.build();
    }

    /**
     * Serves until standard input ends, and then prints the peak of the heap in use, in kB.
     *
     * @param arguments the number of devices, and the path of the socket
     */
    public static void main(String[] arguments) throws Exception {
        ServiceManager manager = new SystemdNotifier(Map.of());
        Path socket = Path.of(arguments[1]);
        SimulatedKernel kernel = SimulatedKernel.inRealTime(of(Integer.parseInt(arguments[0])));
        Daemon daemon = new Daemon(Readers.of(kernel), Configs.FILES::shipped, manager, plan -> {});
        EventStream stream = new EventStream();
        HostServices host = new HostServices(
                new SimulatedSystemState(),
                line -> {},
                manager,
                new HookLimit(socket.getParent()),
                new SimulatedExitrd());
        Shutdowns shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                daemon::current,
                Reported.to(new Logging.NoLog(), stream),
                host,
                ShutdownWatch.NONE);
        ConnectionLimits limits = new ConnectionLimits(LinuxHost.user());
        ControlServer server = new ControlServer(
                LocalSocket.listen(socket, Optional.empty()),
                new ControlInterface(
                        daemon,
                        shutdowns,
                        stream,
                        limits,
                        Optional.empty(),
                        new ServiceInterface(level -> {}, Map::of),
                        DryRun::of),
                limits);
        new Threads(() -> false).start("socket", server::serve);
        System.out.println("ready " + live());
        await();
        System.out.println("peak " + peak());
    }

    private static void await() throws IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }

    /** Returns the heap in use after the last collection of each of its parts, in kB. */
    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                        .sum()
                / 1024;
    }

    /**
     * Returns the sum of the peaks of all parts of the heap, garbage included, in kB; at most the limit of the heap.
     */
    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / 1024;
    }
}
