// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.method.DriveTypes;

/**
 * How the daemon is started.
 *
 * @param machine the machine to simulate; without one it is this machine
 * @param config the main file of the configuration; without one it is the system's, or for a simulated machine what the
 *       program ships
 * @param runtimeDirectory where the pipes and the socket are
 */
record Options(Optional<Machine> machine, Optional<Path> config, Path runtimeDirectory) {
    /** The options of the service. */
    static final Options SERVICE = new Options(Optional.empty(), Optional.empty(), Path.of("/run/quiesced"));

    /**
     * Reads the configuration.
     *
     * @throws ConfigException if it is broken
     */
    Config load() throws ConfigException {
        ConfigFiles files = new ConfigFiles(DriveTypes.SUPPORTED.drivers());
        if (config.isPresent()) {
            return files.load(config.get());
        }
        return machine.isPresent() ? files.shipped() : files.load(ConfigFiles.SYSTEM);
    }

    /**
     * Returns where files may be that last as long as the start: the service's is in its own memory, for {@code /run}
     * may be full.
     */
    Path scratch() {
        return equals(SERVICE) ? Path.of(System.getProperty("java.io.tmpdir")) : runtimeDirectory;
    }
}
