// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.SimulatedKernel;

/**
 * What has happened to the disks of a stage during a run: those that vanished, were mounted or written to, are claimed,
 * and were released by their users. Positions are those of the sequence of calls, returns and events.
 */
final class DiskHistory {
    private final SimulatedKernel kernel;
    private final Stage stage;
    private final IntSupplier nextPlace;
    private final Set<String> vanished = new HashSet<>();
    private final Map<String, Integer> claimed = new HashMap<>();
    private final Map<String, Integer> mounted = new HashMap<>();
    private final Map<String, Integer> written = new HashMap<>();
    private final Map<String, Integer> released = new HashMap<>();

    /** @param nextPlace takes the next position */
    DiskHistory(SimulatedKernel kernel, Stage stage, IntSupplier nextPlace) {
        this.kernel = kernel;
        this.stage = stage;
        this.nextPlace = nextPlace;
    }

    boolean hasVanished(Device device) {
        return vanished.contains(stage.ownerOf(device).path());
    }

    /** Returns the position from which a disk has been mounted during the run; empty if it was not mounted. */
    Optional<Integer> mountedSince(Device disk) {
        return Optional.ofNullable(mounted.get(disk.path()));
    }

    /** Returns the position at which a process opened a disk and wrote to it during the run; empty if none did. */
    Optional<Integer> writtenSince(Device disk) {
        return Optional.ofNullable(written.get(disk.path()));
    }

    /** Returns the paths of the disks that processes opened and wrote to so far. */
    Set<String> written() {
        return Set.copyOf(written.keySet());
    }

    /** Returns the number of held claims on disks. */
    int claimsHeld() {
        return claimed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Returns whether a device had a user or an opener of the machine at a position. These are present from the
     * beginning.
     */
    boolean isUsedAt(Device device, int place) {
        String path = device.path();
        return (stage.machine().uses().containsKey(path)
                        || stage.machine().openers().containsKey(path))
                && place < released.getOrDefault(path, Integer.MAX_VALUE);
    }

    /** Makes the device with a driver at or above a device vanish. */
    void vanish(Device device) {
        vanished.add(stage.ownerOf(device).path());
    }

    /** Mounts the first disk of a device, unless it is claimed or gone. */
    void mountFirstOf(Device device) {
        stage.firstDiskOf(device)
                .filter(disk -> claimed.getOrDefault(disk.path(), 0) == 0 && isThere(disk))
                .ifPresent(disk -> mounted.putIfAbsent(disk.path(), nextPlace.getAsInt()));
    }

    /** Has a process open the first disk of a device and write to it, unless the disk is gone. */
    void writeToFirstOf(Device device) {
        stage.firstDiskOf(device)
                .filter(disk -> isThere(disk))
                .ifPresent(disk -> written.putIfAbsent(disk.path(), nextPlace.getAsInt()));
    }

    /** Returns whether a disk exists, which it does until its driver is removed. */
    private boolean isThere(Device disk) {
        return !hasVanished(disk) && kernel.drivers().isBound(stage.ownerOf(disk));
    }

    /** Counts a claim on a disk or a controller. */
    void claimed(Device device) {
        claimed.merge(device.path(), 1, Integer::sum);
    }

    /** Counts a claim as given back, or as handed on beyond the run. */
    void unclaimed(Device device) {
        claimed.merge(device.path(), -1, Integer::sum);
    }

    /** Removes every second user of the machine and every second opener, as the late phase finds them. */
    void letGoOfHalf() {
        boolean goes = true;
        for (String disk : new TreeSet<>(stage.machine().uses().keySet())) {
            if (goes) {
                kernel.letGo(disk);
                released.putIfAbsent(disk, nextPlace.getAsInt());
            }
            goes = !goes;
        }
        for (String node : new TreeSet<>(stage.machine().openers().keySet())) {
            if (goes) {
                kernel.closeNode(node);
                released.put(node, nextPlace.getAsInt());
            }
            goes = !goes;
        }
    }

    /** Notes the disks whose user has released them by a time of the kernel's clock. */
    void noteReleased(long time) {
        for (Device disk : stage.machine().tree().devices()) {
            if (stage.machine().uses().containsKey(disk.path()) && !kernel.isUsedAt(disk, time)) {
                released.putIfAbsent(disk.path(), nextPlace.getAsInt());
            }
        }
    }
}
