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
 * The options of the daemon's command line.
 *
 * @param machine the machine to simulate; empty for the real one
 * @param config the main configuration file; if empty, the system's, or for a simulated machine the shipped one
 * @param runtimeDirectory directory of the pipes and the socket
 */
record Options(Optional<Machine> machine, Optional<Path> config, Path runtimeDirectory) {
    /** The options of the service. */
    static final Options SERVICE = new Options(Optional.empty(), Optional.empty(), Path.of("/run/quiesced"));

    /**
     * Reads the configuration.
     *
     * @throws ConfigException if it is invalid
     */
    Config load() throws ConfigException {
        ConfigFiles files = new ConfigFiles(DriveTypes.SUPPORTED.drivers());
        if (config.isPresent()) {
            return files.load(config.get());
        }
        return machine.isPresent() ? files.shipped() : files.load(ConfigFiles.SYSTEM);
    }

    /**
     * Returns a directory for files that are needed only during the start. The service uses its own root file system in
     * memory, because {@code /run} may be full.
     */
    Path scratch() {
        return equals(SERVICE) ? Path.of(System.getProperty("java.io.tmpdir")) : runtimeDirectory;
    }
}
