// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a setting of PID 1 from its configuration files (systemd-system.conf(5)).
 *
 * @param root the root of the file system; {@code /} except in tests
 */
record SystemdSetting(Path root) {
    /** The directories, in ascending order of precedence. */
    private static final List<String> DIRECTORIES =
            List.of("usr/lib/systemd", "usr/local/lib/systemd", "run/systemd", "etc/systemd");

    private static final String MAIN = "system.conf";

    /** Returns the value that applies after a restart of PID 1; empty if it is unset or empty. */
    Optional<String> read(String key) {
        Optional<Path> main = DIRECTORIES.stream()
                .map(directory -> root.resolve(directory).resolve(MAIN))
                .filter(Files::isRegularFile)
                .reduce((first, second) -> second);
        return Stream.concat(main.stream(), dropIns().stream())
                .flatMap(file -> values(file, key).stream())
                .reduce((first, second) -> second)
                .filter(value -> !value.isEmpty());
    }

    /** Returns the drop-ins. One in a directory of higher precedence hides those of the same name. */
    private List<Path> dropIns() {
        TreeMap<String, Path> byName = new TreeMap<>();
        for (String directory : DIRECTORIES) {
            Path from = root.resolve(directory).resolve(MAIN + ".d");
            if (Files.isDirectory(from)) {
                try (Stream<Path> files = Files.list(from)) {
                    files.filter(file -> file.toString().endsWith(".conf"))
                            .forEach(file -> byName.put(file.getFileName().toString(), file));
                } catch (IOException e) {
                    continue;
                }
            }
        }
        return List.copyOf(byName.values());
    }

    private static List<String> values(Path file, String key) {
        Pattern assignment = Pattern.compile("\\s*" + Pattern.quote(key) + "\\s*=(.*)");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(assignment::matcher)
                    .filter(matcher -> matcher.matches())
                    .map(matcher -> matcher.group(1).strip())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
