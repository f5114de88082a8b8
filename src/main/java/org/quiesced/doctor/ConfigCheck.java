// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;

/**
 * Checks whether the configuration is valid, and is the one that the daemon has read.
 *
 * @param root the root of the file system; {@code /} except in tests
 */
public record ConfigCheck(Path root) {
    private static final String CHECK = "configuration";
    private static final String SYSTEM = "etc/quiesced";

    /** The directory of the daemon's copy ({@code packaging/bin/lifeboat}). */
    private static final String COPY = "run/quiesced/root/etc/quiesced";

    /**
     * Runs the check.
     *
     * @param problem the problem with the files, in one line; empty if they are valid
     */
    public Finding check(Optional<String> problem) {
        if (problem.isPresent()) {
            return Finding.failed(CHECK, problem.get(), "quiescectl verify lists the mistakes");
        }
        if (Files.exists(root.resolve("run/quiesced/refused"))) {
            return Finding.failed(
                    CHECK,
                    "the service has refused the configuration with which it was started",
                    "systemctl restart quiesced.service");
        }
        try {
            Map<String, String> files = contents(SYSTEM);
            if (files.isEmpty()) {
                return Finding.warning(CHECK, ConfigFiles.MISSING, ConfigFiles.RESTORE);
            }
            boolean isCopied = Files.isReadable(root.resolve(COPY));
            return isCopied && !files.equals(contents(COPY))
                    ? Finding.warning(
                            CHECK,
                            "the files have changed since the service read them",
                            "systemctl reload quiesced.service")
                    : Finding.ok(CHECK, "the configuration is sound" + (isCopied ? " and in force" : ""));
        } catch (IOException | ConfigException e) {
            return Finding.skipped(CHECK, "the configuration is sound; whether it is in force is not known: " + e);
        }
    }

    private Map<String, String> contents(String directory) throws IOException, ConfigException {
        Path base = root.resolve(directory);
        Map<String, String> contents = new TreeMap<>();
        for (Path file : ConfigFiles.find(base.resolve(ConfigFiles.SYSTEM.getFileName()))) {
            contents.put(base.relativize(file).toString(), Files.readString(file));
        }
        return contents;
    }
}
