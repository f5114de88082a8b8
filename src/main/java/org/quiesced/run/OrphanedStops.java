// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.DriveType;
import org.quiesced.method.DriveTypes;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/**
 * Stops the drives whose driver was unbound by a process that died before it stopped them. To be called before a run of
 * the late phase, which may shut down their adapters. Without such drives it costs one lookup of a directory.
 */
public final class OrphanedStops {
    /** Time limit. A drive needs a few seconds to stop; a slower one must not delay the shutdown of the others. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private OrphanedStops() {}

    /**
     * Stops all such drives in parallel, and waits for them for at most 20 seconds.
     *
     * @param types the drive types, which determine how a drive is stopped
     * @param limit time limit, if shorter
     * @param listener receives the results in words
     */
    public static void complete(
            Kernel kernel,
            WorkerSource workers,
            DriveTypes types,
            Verb verb,
            Duration limit,
            Consumer<String> listener) {
        List<Device> drives = due(kernel, verb);
        if (drives.isEmpty()) {
            return;
        }
        WorkerPool<String> pool = workers.newPool();
        long end = pool.now() + Math.min(limit.toNanos(), LONGEST.toNanos());
        int open = 0;
        for (Device drive : drives) {
            try {
                pool.start("stop-" + drive.name(), mailbox -> mailbox.accept(stop(drive, types, kernel)));
                open++;
            } catch (NoWorkerException e) {
                listener.accept(drive.name() + " is down, but not stopped: " + e.getMessage());
            }
        }
        while (open > 0 && pool.now() < end) {
            if (pool.await(end).map(words -> tell(words, listener)).isPresent()) {
                open--;
            }
        }
    }

    /** Returns whether there is such a drive for a verb. */
    public static boolean areDue(Kernel kernel, Verb verb) {
        return !due(kernel, verb).isEmpty();
    }

    private static List<Device> due(Kernel kernel, Verb verb) {
        List<Device> drives = new ArrayList<>();
        for (Map.Entry<Device, Set<Verb>> left : kernel.dueStops().left().entrySet()) {
            if (left.getValue().contains(verb)) {
                drives.add(left.getKey());
            }
        }
        return drives;
    }

    private static String tell(String words, Consumer<String> listener) {
        if (!words.isEmpty()) {
            listener.accept(words);
        }
        return words;
    }

    /**
     * Stops one drive. First waits for the device's lock, which a thread of the process that died may hold until it has
     * unbound the driver.
     */
    private static String stop(Device drive, DriveTypes types, Kernel kernel) {
        try {
            if (kernel.drivers().present(drive).isEmpty()) {
                kernel.drivers().awaitUnbound(drive);
                Optional<DriveType> type = types.of(drive);
                if (type.isEmpty()) {
                    return drive.name() + " is down, but not stopped: its driver belongs to no drive type";
                }
                type.get().stop(drive, kernel);
                kernel.dueStops().clear(drive);
                return drive.name() + " is stopped: the process that unbound its driver had ended";
            }
            kernel.dueStops().clear(drive);
            return "";
        } catch (IOException | RuntimeException | Error e) {
            return drive.name() + " is down, but not stopped: " + e.getMessage();
        }
    }
}
