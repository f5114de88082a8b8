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

/** The option {@code --config}, which replaces the system's configuration. */
final class ConfigOption {
    private static final ConfigFiles FILES = new ConfigFiles(DriveTypes.SUPPORTED.drivers());

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Read only this file, instead of /etc/quiesced/quiesced.toml and conf.d/*.toml.")
    private Optional<Path> file;

    /** Returns whether the option was given. */
    boolean isGiven() {
        return file.isPresent();
    }

    /** Returns the configuration that applies to this machine. */
    Config load() {
        try {
            return file.isPresent() ? FILES.read(List.of(file.get())) : FILES.load(ConfigFiles.SYSTEM);
        } catch (ConfigException e) {
            throw new Failure(e);
        }
    }

    /** Returns the configuration for a machine description: the file of the option, or the program's defaults. */
    Config loadForAnyMachine() {
        return file.isPresent() ? load() : FILES.shipped();
    }

    /** Returns the origins of the values that {@link #load} reads. */
    ConfigOrigins origins() {
        try {
            return file.isPresent()
                    ? ConfigFiles.origins(List.of(file.get()))
                    : ConfigFiles.origins(ConfigFiles.SYSTEM);
        } catch (ConfigException e) {
            throw new Failure(e);
        }
    }

    /** Returns the origins of the values that {@link #loadForAnyMachine} reads. */
    ConfigOrigins originsForAnyMachine() {
        return file.isPresent() ? origins() : ConfigFiles.shippedOrigins();
    }
}
