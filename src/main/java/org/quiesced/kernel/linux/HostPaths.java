// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.quiesced.linux.FileStatus;

/**
 * Resolves paths as the machine's first process sees them: the daemon has its own root, where a path may lead to
 * another file or to none. Holds no file open.
 *
 * <p>Only paths below {@code /dev} are resolved. A path elsewhere may block forever in a network file system or an
 * automounter, and does not usually contain device nodes.
 */
final class HostPaths {
    /**
     * Maximum number of symbolic links that are followed, as in the kernel ({@code MAXSYMLINKS} of {@code
     * linux/namei.h}).
     */
    private static final int MOST_LINKS = 40;

    private static final String DEV = "/dev";

    private final String root;

    private HostPaths(String root) {
        this.root = root;
    }

    /** Returns the paths of the first process of a procfs, or of this process if the former is not accessible. */
    static HostPaths of(String proc) {
        String root = proc + "/1/root";
        return new HostPaths(new File(root).isDirectory() ? root : "");
    }

    /** Returns the path by which this process can access a path of the first process; does not resolve links. */
    String at(String path) {
        return root + path;
    }

    /**
     * Returns the device whose node is at a path; empty if there is none, or the path is not below {@code /dev} or
     * leads out of it.
     */
    Optional<Node> nodeAt(String path) {
        FileStatus file = new FileStatus();
        Optional<String> resolved = resolve(path);
        if (resolved.isEmpty() || !file.read(resolved.get()) || !file.isBlockDevice() && !file.isCharacterDevice()) {
            return Optional.empty();
        }
        return Optional.of(new Node(file.isBlockDevice(), file.major(), file.minor()));
    }

    /** Returns whether a path below {@code /dev} does not lead to an existing file. */
    boolean isMissing(String path) {
        return resolve(path)
                .filter(resolved -> !new FileStatus().read(resolved))
                .isPresent();
    }

    /**
     * Resolves the links of a path. An absolute link continues at the first process's root, where the kernel would use
     * that of this process.
     *
     * @return empty if the path is not below {@code /dev} or leads out of it
     */
    private Optional<String> resolve(String path) {
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(path.split("/")));
        String at = "";
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
                continue;
            }
            if (!(at + "/" + name).equals(DEV) && !(at + "/").startsWith(DEV + "/")) {
                return Optional.empty();
            }
            Optional<String> target = links < MOST_LINKS ? link(root + at + "/" + name) : Optional.empty();
            if (target.isEmpty()) {
                at = at + "/" + name;
                continue;
            }
            links++;
            at = target.get().startsWith("/") ? "" : at;
            String[] names = target.get().split("/");
            for (int i = names.length - 1; i >= 0; i--) {
                rest.push(names[i]);
            }
        }
        return Optional.of(root + at);
    }

    private static Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
