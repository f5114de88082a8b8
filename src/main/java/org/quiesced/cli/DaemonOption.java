// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says where the daemon is. */
final class DaemonOption {
    /** Where the service is. */
    static final Path DIRECTORY = Path.of("/run/quiesced");

    @Option(
            names = "--runtime-directory",
            paramLabel = "DIRECTORY",
            defaultValue = "/run/quiesced",
            description = "Where the daemon's socket is; for one that simulates.")
    private Path directory;

    Optional<DaemonClient> connect() {
        return DaemonClient.connect(directory);
    }

    /** Connects to the daemon, or fails if there is none. */
    DaemonClient require() {
        return connect()
                .orElseThrow(() -> new Failure("quiesced.service is not running (see \"systemctl status quiesced\");"
                        + " at a shutdown the one-shot command does its work"));
    }
}
