// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;
import org.quiesced.linux.FileStatus;

/**
 * Finds the processes that have the registers of a PCI device open or mapped, by its files {@code resourceN} and {@code
 * config} in sysfs.
 *
 * <p>Devices that are queried at the same time share one pass over all processes. A device never uses the result of a
 * pass that began before its query. Thread-safe.
 */
final class RegisterUsers {
    private final String sys;
    private final Pass pass;
    /** Held during a pass. */
    private final Object passing = new Object();

    private Batch next = new Batch();

    /** Makes one pass for the users of files. */
    @FunctionalInterface
    interface Pass {
        /**
         * Makes the pass.
         *
         * @param inodes the inode numbers of the files
         */
        OpenInodes.Found over(Set<Long> inodes);
    }

    /** The devices that wait for the same pass. */
    private static final class Batch {
        private final Set<Long> inodes = new HashSet<>();
        private Optional<OpenInodes.Found> found = Optional.empty();
    }

    /** Creates an instance for the devices of a sysfs. */
    RegisterUsers(String sys, Pass pass) {
        this.sys = sys;
        this.pass = pass;
    }

    /**
     * Creates an instance for the machine of a sysfs and a procfs.
     *
     * @param self the process ID of this process, which is not examined
     */
    RegisterUsers(String sys, String proc, long self) {
        this(sys, inodes -> new OpenInodes(proc, self, inodes).scan());
    }

    /**
     * Returns the first process found that has a file of the device open or mapped.
     *
     * @throws IOException if the device is gone, or the files of a living process cannot be read
     */
    Optional<User> of(Device device) throws IOException {
        Set<Long> inodes = inodes(sys + device.path());
        Batch batch = join(inodes);
        OpenInodes.Found found;
        synchronized (passing) {
            if (batch.found.isEmpty()) {
                batch.found = Optional.of(pass.over(begin(batch)));
            }
            found = batch.found.get();
        }
        return found.userOf(inodes);
    }

    private synchronized Batch join(Set<Long> inodes) {
        next.inodes.addAll(inodes);
        return next;
    }

    /** Starts a new batch for later queries. */
    private synchronized Set<Long> begin(Batch batch) {
        if (batch == next) {
            next = new Batch();
        }
        return batch.inodes;
    }

    private static Set<Long> inodes(String directory) throws IOException {
        String[] names = new File(directory).list();
        if (names == null) {
            throw new NoSuchFileException(directory);
        }
        FileStatus file = new FileStatus();
        Set<Long> inodes = new HashSet<>();
        for (String name : names) {
            if ((name.startsWith("resource") || name.equals("config")) && file.read(directory + "/" + name)) {
                inodes.add(file.inode());
            }
        }
        return inodes;
    }
}
