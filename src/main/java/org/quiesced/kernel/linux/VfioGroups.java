// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.HashMap;
import java.util.Map;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.Vfio;

/**
 * The IOMMU groups that this process has open. A group may have several drives if a bridge does not isolate them, and
 * can be opened only once. Thread-safe.
 */
final class VfioGroups {
    private final String directory;
    private final Vfio.Opener opener;
    private final Map<String, Shared> open = new HashMap<>();

    /** Creates the groups of a directory, {@code /dev/vfio}. */
    VfioGroups(String directory, Vfio.Opener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /**
     * Opens a group, or shares it if this process has it open.
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

    /** An open group, with the number of its users in this process. */
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

        /** Releases the group, and closes it if it has no other user. Must be called once per call of {@link #join}. */
        @Override
        public void close() {
            leave(this);
        }
    }
}
