// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.linux.Pages;

/**
 * The files that are mapped into this process: libraries, the module image, the class data archive. The daemon's root
 * file system is in memory, where a page of a file takes memory whether it is mapped or not, and a private copy takes
 * additional memory.
 */
public final class MappedFiles {
    private MappedFiles() {}

    /**
     * A mapping of {@code /proc/PID/smaps} (show_smap in fs/proc/task_mmu.c).
     *
     * @param copied size of its private copies, in kB
     */
    record Mapping(long from, long to, String permissions, String path, long copied) {
        boolean isUnchanged() {
            return copied == 0 && permissions.charAt(1) == '-';
        }

        boolean isPrivate() {
            return permissions.charAt(3) == 'p';
        }

        boolean isWritable() {
            return permissions.charAt(1) == 'w';
        }

        long length() {
            return to - from;
        }
    }

    /**
     * Unmaps all pages of mappings that have no private copy. Most of these pages serve only the start of the Java
     * runtime; mapped, they would be locked in memory with the others ({@link LinuxHost#lockMemory}). The next access
     * maps a page again, without I/O if it is in memory. Best effort; never throws. No other thread may load a library
     * at the same time.
     */
    public static void unmapUnchanged() {
        try {
            for (Mapping mapping : ofThisProcess()) {
                if (mapping.isUnchanged()) {
                    Pages.unmap(mapping.from(), mapping.length());
                }
            }
        } catch (IOException e) {
            // The pages stay mapped, and take no additional memory.
            return;
        }
    }

    /**
     * Makes private copies of all pages of a file's private mappings, so that its content may be removed by punching a
     * hole (fallocate(2)). The caller has to check first that all pages are copied. Best effort; never throws. Needs
     * Linux 5.14.
     *
     * @param suffix the end of the file's path
     */
    public static void copy(String suffix) {
        try {
            for (Mapping mapping : ofThisProcess()) {
                if (mapping.isPrivate() && mapping.path().endsWith(suffix)) {
                    copy(mapping);
                }
            }
        } catch (IOException e) {
            // /proc/self/smaps shows pages that are not copied.
            return;
        }
    }

    private static void copy(Mapping mapping) throws IOException {
        if (mapping.isWritable()) {
            Pages.copy(mapping.from(), mapping.length());
        } else {
            Pages.copyReadOnly(mapping.from(), mapping.length());
        }
    }

    private static List<Mapping> ofThisProcess() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1));
    }

    /** Parses the mappings of files. Anonymous memory and the kernel's {@code [vdso]} are omitted. */
    static List<Mapping> parse(List<String> smaps) {
        List<Mapping> mappings = new ArrayList<>();
        String range = "";
        String permissions = "";
        String path = "";
        for (String line : smaps) {
            int space = line.indexOf(' ');
            if (line.charAt(space - 1) != ':') {
                range = line.substring(0, space);
                permissions = line.substring(space + 1, space + 5);
                int slash = line.indexOf('/');
                path = slash < 0 ? "" : line.substring(slash);
            } else if (line.startsWith("Anonymous:") && !path.isEmpty()) {
                int dash = range.indexOf('-');
                mappings.add(new Mapping(
                        Long.parseUnsignedLong(range.substring(0, dash), 16),
                        Long.parseUnsignedLong(range.substring(dash + 1), 16),
                        permissions,
                        path,
                        Long.parseLong(line.substring(space, line.length() - " kB".length())
                                .strip())));
            }
        }
        return mappings;
    }
}
