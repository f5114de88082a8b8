// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a boot brings into the guest: the scenario, and quiesced as {@code packaging/install} installs it.
 *
 * @param script the scenario, for {@code sh}, run as root once the guest is up
 * @param config the configuration; without it quiesced is not installed, and the guest is stock
 */
public record Payload(String script, Optional<String> config) {
    /** Returns a payload without quiesced. */
    public static Payload stock(String script) {
        return new Payload(script, Optional.empty());
    }

    /** Returns a payload with quiesced. */
    public static Payload quiesced(String script, String config) {
        return new Payload(script, Optional.of(config));
    }

    /** Says in the kernel's log when systemd starts the hooks, with quiesced and without. */
    private static final String MARK = """
            #!/bin/sh
            echo "scenario: hooks begin" >/dev/kmsg
            """;

    /** Writes the archive that the guest unpacks. */
    Path write(Path work) throws IOException, InterruptedException {
        Path root = work.resolve("payload");
        Files.createDirectories(root.resolve("scenario"));
        Files.writeString(root.resolve("scenario/run"), script);
        Path mark = root.resolve("usr/lib/systemd/system-shutdown/mark");
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, MARK);
        mark.toFile().setExecutable(true);
        if (config.isPresent()) {
            Commands.run(
                    work.resolve("install.log"),
                    List.of("packaging/install", "--root", root.toAbsolutePath().toString()));
            Files.writeString(root.resolve("etc/quiesced/quiesced.toml"), config.get());
        }
        Path archive = work.resolve("payload.tar");
        Commands.run(
                work.resolve("tar.log"),
                List.of("tar", "--owner=0", "--group=0", "-C", root.toString(), "-cf", archive.toString(), "."));
        return archive;
    }
}
