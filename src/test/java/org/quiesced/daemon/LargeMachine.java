// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.config.ConfigFiles;
import org.quiesced.kernel.ServiceManager;
import org.quiesced.kernel.linux.LinuxHost;
import org.quiesced.kernel.linux.LocalSocket;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** A daemon of its own process, on a simulated machine with many devices: what {@link ControlServerMemoryTest} asks. */
final class LargeMachine {
    /** A disk of MachineBuilder is four devices: target, SCSI device, SCSI disk, block device. */
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
            builder.classDevice(root + "/0000:02:00.0/net/virtual" + i, "net", java.util.Map.of());
        }
        return builder.build();
    }

    /**
     * Serves until its standard input ends, and then prints the most heap that was in use after a collection, in kB.
     *
     * @param arguments the number of devices, and the path of the socket
     */
    public static void main(String[] arguments) throws Exception {
        SimulatedKernel kernel = SimulatedKernel.inRealTime(of(Integer.parseInt(arguments[0])));
        Daemon daemon = new Daemon(new Preparation(kernel), ConfigFiles::shipped, new NoManager());
        EventStream stream = new EventStream();
        Shutdowns shutdowns = new Shutdowns(kernel, daemon::standing, new Logging.NoLog(), stream);
        Admission admission = new Admission(LinuxHost.user());
        ControlServer server = new ControlServer(
                LocalSocket.listen(Path.of(arguments[1]), Optional.empty()),
                new ControlInterface(daemon, shutdowns, stream, admission, Optional.empty()),
                admission);
        Threads.start("socket", server::serve);
        System.gc();
        System.out.println("ready " + live());
        await();
        System.out.println("peak " + live());
    }

    private static void await() throws IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private static long live() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(LargeMachine::used)
                        .sum()
                / 1024;
    }

    private static long used(MemoryPoolMXBean pool) {
        return pool.getPeakUsage().getUsed();
    }

    private static final class NoManager implements ServiceManager {
        @Override
        public void ready() {}

        @Override
        public void reloading() {}

        @Override
        public void status(String line) {}

        @Override
        public void alive() {}

        @Override
        public Optional<Duration> watchdog() {
            return Optional.empty();
        }
    }
}
