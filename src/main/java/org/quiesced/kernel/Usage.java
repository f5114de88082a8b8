// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;

/**
 * Use of disks that the kernel's exclusive claim does not show: processes that have a device node open, and parts of the kernel that open a
 * disk without a holder (loop devices, exported namespaces and the like). Safe for use by several threads.
 */
public interface Usage {
    /**
     * Looks at all processes and at all such parts of the kernel, once. The cost grows with the number of open files, not with the number
     * of disks: devices of a run that go down together share one.
     *
     * @throws IOException if the processes of the machine cannot be seen; nothing may be taken for unused then
     */
    Users look() throws IOException;

    /**
     * Returns what a whole disk has read and written so far, and what it is doing at this moment. Passthrough commands are not counted
     * by most kernels.
     *
     * @return {@link Traffic#GONE} if the disk is not there
     * @throws IOException if the disk is there and does not say so
     */
    Traffic traffic(Device disk) throws IOException;

    /** What one look has found. Immutable. */
    @FunctionalInterface
    interface Users {
        /**
         * Returns who uses a device or anything below it.
         *
         * @param below the device and all that is below it, as {@link Kernel#readBelow} has it
         * @return the user in words, for example {@code nvme0n1 is open by postgres (process 4711 of postgresql.service)}
         */
        Optional<String> of(DeviceTree below);
    }

    /**
     * The counters of a disk ({@code Documentation/block/stat.rst}).
     *
     * @param inFlight how many requests the disk works on now
     * @param requests how many reads, writes, discards and flushes it has completed
     * @param sectors how many sectors of 512 bytes these have moved
     */
    record Traffic(long inFlight, long requests, long sectors) {
        /** The counters of a disk that is not there: nobody uses it. */
        public static final Traffic GONE = new Traffic(0, -1, -1);

        /**
         * Returns whether anybody has used the disk since an earlier reading.
         *
         * @param ownRequests how many requests without data are our own
         * @param ownInFlight how many of these are in flight
         */
        public boolean movedSince(Traffic earlier, long ownRequests, long ownInFlight) {
            return !equals(GONE)
                    && (inFlight > ownInFlight
                            || sectors != earlier.sectors
                            || requests > earlier.requests + ownRequests);
        }
    }
}
