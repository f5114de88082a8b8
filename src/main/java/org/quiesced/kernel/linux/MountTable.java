// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.linux.PseudoFile;

/**
 * Reads the machine's mounts. The kernel generates the text for each reader, and blocks mount and unmount meanwhile
 * ({@code m_start} of {@code fs/namespace.c} takes {@code namespace_sem}); a host of containers has thousands of
 * mounts. So the text is read once per scan of users, and parsed only if it has changed. Thread-safe.
 */
final class MountTable implements Supplier<VisibleUsers> {
    private final Path sys;
    private final Path proc;
    private volatile Mounts latest = new Mounts(new byte[0], node -> Optional.empty());

    /** Creates the table of a machine's sysfs and procfs. */
    MountTable(Path sys, Path proc) {
        this.sys = sys;
        this.proc = proc;
    }

    /** Returns the present users of disks. */
    @Override
    public VisibleUsers get() {
        return new DiskUsers(sys, proc, read());
    }

    /** Reads the mounts of the first process; the daemon's own mount namespace has only what it needs. */
    private Mounts read() {
        byte[] first = read("1/mountinfo");
        byte[] text = first.length == 0 ? read("self/mountinfo") : first;
        Mounts current = latest;
        if (!current.areOf(text)) {
            current = new Mounts(text, this::backingFile);
            latest = current;
        }
        return current;
    }

    private Optional<String> backingFile(String node) {
        return PseudoFile.read(sys + "/class/block/" + Path.of(node).getFileName() + "/loop/backing_file");
    }

    private byte[] read(String file) {
        try {
            return Files.readAllBytes(proc.resolve(file));
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
