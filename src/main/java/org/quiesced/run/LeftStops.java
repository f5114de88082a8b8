// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * Stops drives whose driver was unbound by a process that died before it stopped them. To be called before a run of the
 * late phase, which may include their adapters. On a machine where no process has died it costs one look at a
 * directory.
 */
public final class LeftStops {
    /** Time limit. A drive needs some seconds to stop; a slower one must not delay the others' shutdown. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private LeftStops() {}

    /**
     * Stops all such drives at the same time, and waits for that at most 20 seconds.
     *
     * @param types know how their drives are stopped
     * @param limit how long to wait, if shorter
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
        for (List<Device> paths : byDisk(drives, types, kernel)) {
            Device drive = paths.get(0);
            try {
                pool.start("stop-" + drive.name(), mailbox -> mailbox.accept(stop(paths, types, kernel)));
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

    /** Returns whether a drive is to be stopped for a verb. */
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

    /** Returns the drives by their disk, each of which is stopped once: several drives may be paths to one disk. */
    private static List<List<Device>> byDisk(List<Device> drives, DriveTypes types, Kernel kernel) {
        Map<String, List<Device>> disks = new LinkedHashMap<>();
        for (Device drive : drives) {
            String key = identity(drive, types, kernel).orElse(drive.path());
            disks.computeIfAbsent(key, disk -> new ArrayList<>()).add(drive);
        }
        return List.copyOf(disks.values());
    }

    private static Optional<String> identity(Device drive, DriveTypes types, Kernel kernel) {
        return types.of(drive).flatMap(type -> type.identity(drive, kernel.attributes()::read));
    }

    /** Returns a path to the disk of a drive that has its driver: the disk is stopped when that goes down. */
    private static Optional<Device> boundPath(Device drive, DriveTypes types, Kernel kernel) throws IOException {
        Optional<String> identity = identity(drive, types, kernel);
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        return kernel.readTree().devices().stream()
                .filter(other -> identity(other, types, kernel).equals(identity)
                        && kernel.drivers().present(other).isPresent())
                .findFirst();
    }

    private static String tell(String words, Consumer<String> listener) {
        if (!words.isEmpty()) {
            listener.accept(words);
        }
        return words;
    }

    /**
     * Stops one disk, of which the paths are given. Waits first: a thread of the process that died may still be unbinding
     * the driver, and holds the device until then.
     */
    private static String stop(List<Device> paths, DriveTypes types, Kernel kernel) {
        Device drive = paths.get(0);
        try {
            Optional<Device> bound = boundPath(drive, types, kernel);
            if (kernel.drivers().present(drive).isPresent() || bound.isPresent()) {
                if (bound.isEmpty() || paths.contains(bound.get())) {
                    kernel.dueStops().clear(bound.orElse(drive));
                }
                return "";
            }
            for (Device path : paths) {
                kernel.drivers().awaitUnbound(path);
            }
            Optional<DriveType> type = types.of(drive);
            if (type.isEmpty()) {
                return drive.name() + " is down, but not stopped: its driver belongs to no drive type";
            }
            type.get().stop(drive, kernel);
            paths.forEach(kernel.dueStops()::clear);
            return drive.name() + " is stopped: the process that unbound its driver had ended";
        } catch (IOException | RuntimeException | Error e) {
            return drive.name() + " is down, but not stopped: " + e.getMessage();
        }
    }
}
