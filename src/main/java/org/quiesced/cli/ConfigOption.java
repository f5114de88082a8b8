// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.config.ConfigOrigins;
import org.quiesced.method.DriveTypes;
import picocli.CommandLine.Option;

/** The option that names the configuration. */
final class ConfigOption {
    private static final ConfigFiles FILES = new ConfigFiles(DriveTypes.SUPPORTED.drivers());

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Use this configuration file alone, and not /etc/quiesced/quiesced.toml and conf.d/*.toml beside it.")
    private Optional<Path> file;

    /** Returns whether the user has named a file. */
    boolean isGiven() {
        return file.isPresent();
    }

    /** Returns the configuration that holds on this machine. */
    Config load() {
        try {
            return file.isPresent() ? FILES.read(List.of(file.get())) : FILES.load(ConfigFiles.SYSTEM);
        } catch (ConfigException e) {
            throw new Failure(e);
        }
    }

    /**
     * Returns the configuration for a machine that is not this one: the file that was named, or what the program ships.
     */
    Config loadForAnyMachine() {
        return file.isPresent() ? load() : FILES.shipped();
    }

    /** Returns where the values come from that {@link #load} reads. */
    ConfigOrigins origins() {
        try {
            return file.isPresent()
                    ? ConfigFiles.origins(List.of(file.get()))
                    : ConfigFiles.origins(ConfigFiles.SYSTEM);
        } catch (ConfigException e) {
            throw new Failure(e);
        }
    }

    /** Returns where the values come from that {@link #loadForAnyMachine} reads. */
    ConfigOrigins originsForAnyMachine() {
        return file.isPresent() ? origins() : ConfigFiles.shippedOrigins();
    }
}
