// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the directory of the daemon's socket. */
final class DaemonOption {
    /** The runtime directory of {@code quiesced.service}. */
    static final Path DIRECTORY = Path.of("/run/quiesced");

    @Option(
            names = "--runtime-directory",
            paramLabel = "DIRECTORY",
            description = "The directory of the daemon's socket, for a simulated daemon.")
    private Path directory = DIRECTORY;

    /** Returns whether another directory than that of the service was given. */
    boolean isGiven() {
        return !directory.equals(DIRECTORY);
    }

    Optional<DaemonClient> connect() {
        return DaemonClient.connect(directory);
    }

    /**
     * Connects to the daemon.
     *
     * @throws Failure if no daemon runs
     */
    DaemonClient require() {
        return connect()
                .orElseThrow(() -> new Failure("quiesced.service is not running (see \"systemctl status quiesced\");"
                        + " at a shutdown the one-shot command replaces it"));
    }
}
