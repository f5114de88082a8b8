// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks whether the units that a shutdown needs are started at boot.
 *
 * @param root the root of the file system; {@code /} except in tests
 */
public record UnitsCheck(Path root) {
    private static final String CHECK = "units";

    /** The directories that contain {@code .wants} directories (systemd.unit(5)). */
    private static final List<String> DIRECTORIES = List.of("etc/systemd/system", "usr/lib/systemd/system");

    /** The units that are enabled, and the {@code .wants} directories of their targets. */
    private static final Map<String, String> UNITS = new TreeMap<>(
            Map.of("quiesced.service", "multi-user.target.wants", "quiesced-early.service", "sysinit.target.wants"));

    /** Runs the check; returns one finding per unit that is not started. */
    public List<Finding> check() {
        List<Finding> findings = new ArrayList<>();
        UNITS.forEach((unit, wants) -> {
            if (isMasked(unit)) {
                findings.add(Finding.warning(CHECK, unit + " is masked", "systemctl unmask " + unit));
            } else if (DIRECTORIES.stream().noneMatch(directory -> exists(directory, wants, unit))) {
                findings.add(
                        Finding.warning(CHECK, unit + " is not started at the next boot", "systemctl enable " + unit));
            }
        });
        return findings.isEmpty()
                ? List.of(Finding.ok(CHECK, "the units are started at each boot"))
                : List.copyOf(findings);
    }

    private boolean exists(String directory, String wants, String unit) {
        return Files.exists(root.resolve(directory).resolve(wants).resolve(unit), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether a unit is masked: by a link to {@code /dev/null} or by an empty file. */
    private boolean isMasked(String unit) {
        Path file = root.resolve(DIRECTORIES.get(0)).resolve(unit);
        return Files.isSymbolicLink(file)
                ? target(file).endsWith("dev/null")
                : Files.isRegularFile(file) && file.toFile().length() == 0;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link;
        }
    }
}
