// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.HashMap;
import java.util.Map;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.Vfio;

/**
 * The IOMMU groups that this process has open. A group may have several drives, where a bridge does not isolate them,
 * and the kernel opens a group once. Safe for use by several threads.
 */
final class VfioGroups {
    private final String directory;
    private final Vfio.Opener opener;
    private final Map<String, Shared> open = new HashMap<>();

    /** Makes the groups of a directory, {@code /dev/vfio}. */
    VfioGroups(String directory, Vfio.Opener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /**
     * Opens a group, or joins those of this process that have it open.
     *
     * @throws ErrnoException as {@link Vfio.Group#open} does
     */
    synchronized Shared join(String number) throws ErrnoException {
        Shared shared = open.get(number);
        if (shared == null) {
            shared = new Shared(number, Vfio.Group.open(directory, number, opener));
            open.put(number, shared);
        }
        shared.members++;
        return shared;
    }

    private synchronized void leave(Shared shared) {
        if (--shared.members == 0) {
            open.remove(shared.number);
            shared.group.close();
        }
    }

    /** A group that is open, with the number of those who share it. */
    final class Shared implements AutoCloseable {
        private final String number;
        private final Vfio.Group group;
        /** Guarded by the table. */
        private int members;

        private Shared(String number, Vfio.Group group) {
            this.number = number;
            this.group = group;
        }

        Vfio.Group group() {
            return group;
        }

        /** Leaves the group, and closes it if nobody else is in it. Must be called once by each who has joined. */
        @Override
        public void close() {
            leave(this);
        }
    }
}
