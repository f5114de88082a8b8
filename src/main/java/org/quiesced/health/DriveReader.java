// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.history.Counters;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Health;
import org.quiesced.kernel.ScsiCounters;
import org.quiesced.method.DriveIdentity;
import org.quiesced.method.DriveQuery;
import org.quiesced.method.DriveType;
import org.quiesced.method.DriveTypes;

/**
 * Finds the drives of a machine and reads their counters, all drives at the same time.
 *
 * @param limit maximum time to wait for the answers. The commands themselves have the driver's own time limit: after a
 *     shorter one the driver would reset a drive that is merely slow
 */
public record DriveReader(DriveTypes types, Duration limit) {
    /** The reader for this machine. */
    public static final DriveReader OF_THIS_MACHINE = new DriveReader(DriveTypes.SUPPORTED, Duration.ofSeconds(10));

    /** A drive and its answer, which is set by a thread per drive. */
    private static final class Asked {
        private final Drive drive;
        private volatile Optional<Counters> answer = Optional.empty();

        Asked(Drive drive) {
            this.drive = drive;
        }

        Drive answered() {
            return answer.map(drive::with).orElse(drive);
        }
    }

    /** A command that reads the counters of a drive. */
    private interface Command {
        Optional<Counters> send() throws IOException;
    }

    /**
     * Returns the drives that have a known identity. A drive that cannot be queried, or does not answer in time, has no
     * counters.
     *
     * @param counters the counters of SCSI disks
     * @throws IOException if there is no device tree
     */
    public List<Drive> read(Kernel kernel, ScsiCounters counters) throws IOException, InterruptedException {
        DeviceTree tree = kernel.readTree();
        Storage storage = new Storage(tree);
        List<Asked> all = new ArrayList<>();
        List<Runnable> questions = new ArrayList<>();
        for (Device device : tree.devices()) {
            Optional<DriveIdentity> identity = types.identity(device, storage, kernel.attributes());
            if (identity.isPresent()) {
                Asked asked = new Asked(drive(device, identity.get(), storage));
                all.add(asked);
                command(device, storage, kernel, counters)
                        .ifPresent(command -> questions.add(() -> ask(command, asked)));
            }
        }
        await(questions);
        return all.stream().map(Asked::answered).toList();
    }

    private Drive drive(Device device, DriveIdentity identity, Storage storage) {
        return new Drive(
                device.path(),
                types.alias(device, storage).orElse(device.name()),
                device.driver().orElse(""),
                identity.model(),
                identity.serial(),
                Optional.empty());
    }

    private Optional<Command> command(Device device, Storage storage, Kernel kernel, ScsiCounters counters) {
        Optional<DriveType> type = types.of(device);
        Optional<DriveQuery> query = type.flatMap(DriveType::query);
        if (query.isEmpty()) {
            return type.map(known -> () ->
                    known.startStopCycles(device, kernel.attributes(), counters).map(Counters::ofDisk));
        }
        return type.flatMap(known -> known.method().controlClass())
                .flatMap(name -> storage.firstBelow(device, name))
                .flatMap(controller -> query.filter(asking -> asking.isReady(controller, kernel.attributes()))
                        .map(asking -> () -> Optional.of(counters(asking.health(controller, kernel)))));
    }

    private static Counters counters(Health health) {
        return new Counters(health.powerCycles(), health.unsafeShutdowns());
    }

    private static void ask(Command command, Asked asked) {
        try {
            asked.answer = command.send();
        } catch (IOException e) {
            // The drive has no answer.
            return;
        }
    }

    private void await(List<Runnable> questions) throws InterruptedException {
        CountDownLatch open = new CountDownLatch(questions.size());
        for (Runnable question : questions) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            question.run();
                        } finally {
                            open.countDown();
                        }
                    },
                    "drive");
            thread.setDaemon(true);
            thread.start();
        }
        open.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
}
