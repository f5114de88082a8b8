// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The script and the files that a boot adds to the guest.
 *
 * @param script the scenario, for {@code sh}, run as root once the guest is up
 * @param config the configuration with which the daemon starts, in place of the installed one
 * @param files additional files, by their path in the guest
 */
public record Payload(String script, Optional<String> config, Map<String, Path> files) {
    /** A configuration in which drives that nothing uses go down in the early phase. */
    static final String FREE_GO_EARLY = """
            early = "free"
            [driver.nvme]
            shutdown = "parallel"
            """;

    /** Creates a payload that leaves the configuration as it is. */
    public Payload(String script, Map<String, Path> files) {
        this(script, Optional.empty(), files);
    }

    /** Returns a payload for a guest without quiesced. */
    public static Payload stock(String script) {
        return new Payload(script, Map.of());
    }

    /** Returns a payload for a guest in which quiesced is installed: the scenario begins when the daemon is ready. */
    public static Payload quiesced(String script) {
        return stock(Scripts.READY + script);
    }

    /**
     * Returns a payload for a guest in which quiesced is installed, with a configuration that replaces the shipped one.
     */
    public static Payload quiesced(String script, String config) {
        return new Payload(Scripts.READY + script, Optional.of(config), Map.of());
    }

    /** Hook that logs when systemd starts the hooks, with and without quiesced. */
    private static final String MARK = """
            #!/bin/sh
            echo "scenario: hooks begin" >/dev/kmsg
            """;

    /** Links the hook to {@code /lib}, where systemd looks for hooks if that is not {@code /usr/lib}. */
    private static final String HOOKS = """
            [ -L /lib ] || ln -sf /usr/lib/systemd/system-shutdown/mark /lib/systemd/system-shutdown/mark
            """;

    /** Writes the archive that the guest unpacks. */
    Path write(Path work) throws IOException, InterruptedException {
        Path root = work.resolve("payload");
        Files.createDirectories(root.resolve("scenario"));
        Files.writeString(root.resolve("scenario/run"), HOOKS + script);
        Path mark = root.resolve("usr/lib/systemd/system-shutdown/mark");
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, MARK);
        mark.toFile().setExecutable(true);
        if (config.isPresent()) {
            Path file = root.resolve("etc/quiesced/quiesced.toml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, config.get());
        }
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Path copy = root.resolve(file.getKey().substring(1));
            Files.createDirectories(copy.getParent());
            Files.deleteIfExists(copy);
            Files.copy(file.getValue(), copy);
        }
        Path archive = work.resolve("payload.tar");
        Commands.run(
                work.resolve("tar.log"),
                List.of("tar", "--owner=0", "--group=0", "-C", root.toString(), "-cf", archive.toString(), "."));
        return archive;
    }
}
