// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;

/**
 * Use of disks that the kernel's exclusive claim does not show: processes that have a device node open, and parts of
 * the kernel that open a disk without a holder (loop devices, exported namespaces and the like). Thread-safe.
 */
public interface Usage {
    /**
     * Scans all processes and all such parts of the kernel once. The cost grows with the number of open files, not
     * with that of disks, so devices that are shut down together should share one result.
     *
     * @throws IOException if the users cannot be determined; then each disk counts as in use
     */
    Users scan() throws IOException;

    /**
     * Returns the counters of a whole disk, with the requests in flight. Most kernels do not count passthrough
     * commands.
     *
     * @return the counters; {@link Traffic#GONE} if the disk does not exist
     * @throws IOException if the disk exists and its counters cannot be read
     */
    Traffic traffic(Device disk) throws IOException;

    /** The users that one scan has found. Immutable. */
    @FunctionalInterface
    interface Users {
        /**
         * Returns the first user found of a device or of anything below it.
         *
         * @param below the device and everything below it, as {@link Kernel#readBelow} returns it
         * @return the user, with the name of its node if the machine shows that
         */
        Optional<User> of(DeviceTree below);
    }

    /**
     * The counters of a disk ({@code Documentation/block/stat.rst}). Passthrough commands without data, if the kernel
     * counts them, count as reads.
     *
     * @param reads those of reads
     * @param changes those of writes, discards and flushes
     */
    record Traffic(Requests reads, Requests changes) {
        /** The counters of a disk that does not exist, and so has no user. */
        public static final Traffic GONE = new Traffic(new Requests(0, -1, -1), new Requests(0, -1, -1));

        /**
         * Returns whether another user has used the disk since an earlier reading.
         *
         * @param ownRequests number of this process's own requests without data since then
         * @param ownInFlight number of these that are in flight
         */
        public boolean movedSince(Traffic earlier, long ownRequests, long ownInFlight) {
            return !equals(GONE)
                    && (reads.inFlight + changes.inFlight > ownInFlight
                            || reads.sectors != earlier.reads.sectors
                            || changes.sectors != earlier.changes.sectors
                            || completed() > earlier.completed() + ownRequests);
        }

        private long completed() {
            return reads.completed + changes.completed;
        }

        /** Returns whether no write, discard or flush was completed since an earlier reading, and none is in flight. */
        public boolean isUnchangedSince(Traffic earlier) {
            return changes.equals(new Requests(0, earlier.changes.completed, earlier.changes.sectors));
        }

        /** Returns these counters of reads with an earlier reading's counters of changes. */
        public Traffic withChangesOf(Traffic earlier) {
            return new Traffic(reads, earlier.changes);
        }
    }

    /**
     * The counters of one kind of requests.
     *
     * @param inFlight number of requests in flight
     * @param completed number of completed requests
     * @param sectors number of sectors of 512 bytes that these have moved
     */
    record Requests(long inFlight, long completed, long sectors) {
        /** The counters of a disk that never had such a request. */
        public static final Requests NONE = new Requests(0, 0, 0);
    }
}
