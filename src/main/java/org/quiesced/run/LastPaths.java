// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quiesced.method.Unready;
import org.quiesced.plan.DiskPaths;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;

/**
 * Decides which path stops a disk that has several. It is stopped once, by the last of its paths to go down. While a
 * path has its driver, the kernel may send commands to the disk, and stops it itself when it shuts that path down; so a
 * path that is left to the kernel leaves the stop to the kernel too. No path waits for another. For the coordinator's
 * thread.
 */
final class LastPaths {
    /**
     * States in which the kernel sends a device no command ({@code scsi_device_state_check} in {@code
     * drivers/scsi/scsi_lib.c}).
     */
    private static final Set<String> DEAD = Set.of("offline", "transport-offline");

    private final DiskPaths paths;
    private final DeviceStates states;
    /** Paths to disks that are being stopped, or were. */
    private final Set<Integer> stopped = new HashSet<>();
    /** Paths that were left to the kernel and over which it sends nothing. */
    private final Set<Integer> dead = new HashSet<>();
    /** Last paths whose end is that of the stop. */
    private final Set<Integer> stopping = new HashSet<>();

    LastPaths(DiskPaths paths, DeviceStates states) {
        this.paths = paths;
        this.states = states;
    }

    /** Returns whether a device is one of several paths to a disk. */
    boolean isPath(int device) {
        return !paths.othersOf(device).isEmpty();
    }

    /** Returns the other paths to the disk of a device. */
    List<Integer> othersOf(int device) {
        return paths.othersOf(device);
    }

    /** Returns whether a path whose driver is gone is the last, and its disk has not been stopped. */
    boolean mayStop(int device) {
        return !stopped.contains(device)
                && paths.othersOf(device).stream()
                        .allMatch(path -> states.is(path, State.ENDED) || dead.contains(path));
    }

    /** Records that a disk is being stopped by one of its paths. */
    void stop(int device) {
        stopped.add(device);
        stopped.addAll(paths.othersOf(device));
    }

    /** Records that a path is down when its disk is stopped, and not before. */
    void awaitStop(int device) {
        stopping.add(device);
    }

    /** Returns whether a path was waiting for its disk to be stopped, which has ended. */
    boolean endStop(int device) {
        return stopping.remove(device);
    }

    /** Records why a device is left to the kernel. */
    void left(int device, Reason reason) {
        if (reason instanceof Reason.NotReady notReady
                && notReady.why() instanceof Unready.NotWorking broken
                && DEAD.contains(broken.state())) {
            dead.add(device);
        }
    }
}
