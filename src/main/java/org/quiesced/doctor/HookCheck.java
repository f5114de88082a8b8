// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks whether systemd-shutdown(8) finds the hook. It runs the executable files of {@code system-shutdown} below the
 * directory that it was built for: {@code /usr/lib/systemd}, or {@code /lib/systemd} if the two differ.
 *
 * @param root the root of the file system; {@code /} except in tests
 */
public record HookCheck(Path root) {
    private static final String CHECK = "hook";
    private static final String REINSTALL = "install the package quiesced again";
    private static final String NAME = "quiesced";
    private static final String USUAL = "usr/lib/systemd/system-shutdown";
    private static final String SPLIT = "lib/systemd/system-shutdown";

    /** Runs the check. */
    public Finding check() {
        List<Path> places = Stream.of(USUAL, SPLIT)
                .map(root::resolve)
                .filter(place -> place.endsWith(USUAL) || !isMerged() && Files.isDirectory(place))
                .map(place -> place.resolve(NAME))
                .toList();
        for (Path hook : places) {
            if (!Files.exists(hook)) {
                return Finding.failed(CHECK, hook + " is missing", REINSTALL);
            }
            if (!Files.isExecutable(hook)) {
                return Finding.failed(CHECK, hook + " is not executable", "chmod 755 " + hook);
            }
        }
        return Finding.ok(CHECK, "the shutdown hook is installed");
    }

    /** Returns whether both paths lead to one directory (merged /usr). */
    private boolean isMerged() {
        return Files.isSymbolicLink(root.resolve("lib"));
    }
}
