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
 * Reads what the machine has mounted. The kernel makes the text anew for each reader, while nobody can mount or unmount
 * ({@code m_start} of {@code fs/namespace.c} takes {@code namespace_sem}); a host of containers has thousands of
 * mounts. So it is read once per look at users, and taken apart only if it has changed since. Safe for use by several
 * threads.
 */
final class MountTable implements Supplier<VisibleUsers> {
    private final Path sys;
    private final Path proc;
    private volatile Mounts latest = new Mounts(new byte[0], node -> Optional.empty());

    /** Makes it for the machine of a sysfs and a procfs. */
    MountTable(Path sys, Path proc) {
        this.sys = sys;
        this.proc = proc;
    }

    /** Looks who uses disks at this moment. */
    @Override
    public VisibleUsers get() {
        return new DiskUsers(sys, proc, read());
    }

    /** The machine's mounts are those of its first process; the daemon's own are only what it needs. */
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
