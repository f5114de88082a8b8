// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.host.Exitrd;
import org.quiesced.linux.PseudoFile;

/**
 * The exitrd by the file {@code exitrd} in the runtime directory, which {@code bin/exitrd} writes and the hook reads,
 * and the caches by {@code /proc/meminfo}.
 */
public final class LinuxExitrd implements Exitrd {
    /** What the file contains if {@code bin/exitrd} has made the exitrd. */
    private static final String MADE = "made";

    /**
     * Cached memory that an unmount frees per millisecond, in kB: pages of 4 kB, and structures of inodes and directory
     * entries. See "How long a shutdown takes" in facts.md.
     */
    private static final long PAGES = 5_000;

    private static final long STRUCTURES = 500;

    private final String memory;
    private final File zfs;
    private final File mark;

    /**
     * Creates the exitrd of this machine.
     *
     * @param directory the runtime directory
     */
    public LinuxExitrd(Path directory) {
        this(Path.of("/proc"), directory);
    }

    /** Creates an exitrd with the memory of another procfs. */
    public LinuxExitrd(Path proc, Path directory) {
        this.memory = proc.resolve("meminfo").toString();
        this.zfs = proc.resolve("spl").toFile();
        this.mark = directory.resolve("exitrd").toFile();
    }

    /**
     * Reads proc(5), meminfo: {@code Cached} includes {@code Shmem}, the pages of file systems in memory, and
     * {@code Buffers} are those of block devices. The structures of ZFS pools, which stay imported, are part of
     * {@code SReclaimable}, so that none count where there is ZFS.
     */
    @Override
    public Duration unmounting() {
        String text = PseudoFile.read(memory).orElse("");
        long pages = amount(text, "Buffers") + Math.max(0, amount(text, "Cached") - amount(text, "Shmem"));
        long structures = zfs.exists() ? 0 : amount(text, "SReclaimable");
        return Duration.ofMillis(pages / PAGES + structures / STRUCTURES);
    }

    /** Returns a number of kB; 0 if there is none. */
    private static long amount(String text, String name) {
        int label = text.indexOf("\n" + name + ":");
        if (label < 0) {
            return 0;
        }
        int from = label + name.length() + 2;
        int to = text.indexOf(" kB", from);
        try {
            return to < 0 ? 0 : Long.parseLong(text.substring(from, to).strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Deletes the file. The hook then unmounts the exitrd before it ends. */
    @Override
    public boolean withdraw() {
        return PseudoFile.read(mark.getPath()).equals(Optional.of(MADE)) && mark.delete();
    }
}
