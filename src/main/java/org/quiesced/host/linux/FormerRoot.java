// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.quiesced.linux.Host;
import org.quiesced.linux.Seccomp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root of the process before {@code pivot_root . .} made the lifeboat its root. It is mounted over the new root,
 * and holds all file systems that were mounted when the service started, until it is detached.
 */
public final class FormerRoot {
    /** The source of the lifeboat's file system in {@code run-quiesced-root.mount}. */
    private static final String SOURCE = "quiesced";

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private FormerRoot() {}

    /**
     * Detaches the former root and drops the right to mount, if this process runs in the lifeboat. Otherwise does
     * nothing: a daemon that was started by hand must not detach the machine's root.
     *
     * @throws IOException if the mounts cannot be read, or another file system is still mounted over the lifeboat
     */
    public static void detach() throws IOException {
        if (isOver(read())) {
            Host.detachMount("/");
            if (isOver(read())) {
                throw new IOException("a file system of the machine is still mounted over the daemon's own root");
            }
            forbidMounting();
        }
    }

    /**
     * Denies the system calls that the unit allows only for the entry. Without the filter the daemon works, but is less
     * confined.
     */
    private static void forbidMounting() {
        try {
            Seccomp.forbidMounting();
        } catch (IOException e) {
            LOG.warn("{}; the daemon keeps the right to mount", e.getMessage());
        }
    }

    private static List<String> read() throws IOException {
        return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns whether the process's root is the lifeboat and another file system is mounted over it.
     *
     * @param mountinfo the lines of {@code /proc/PID/mountinfo} (proc(5)): ID, parent, device, root, mount point,
     *       options, optional fields, "-", type, source, options
     */
    static boolean isOver(List<String> mountinfo) {
        List<String> roots = mountinfo.stream()
                .filter(line -> line.split(" ")[4].equals("/"))
                .toList();
        return roots.size() > 1 && roots.stream().anyMatch(line -> line.contains(" - tmpfs " + SOURCE + " "));
    }
}
