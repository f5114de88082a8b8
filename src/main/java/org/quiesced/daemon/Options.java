// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.simulation.Machines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How the daemon is started.
 *
 * @param machine the machine to simulate; without one it is this machine
 * @param config the main file of the configuration; without one it is the system's, or for a simulated machine what the program ships
 * @param runtimeDirectory where the pipes and the socket are
 */
record Options(Optional<Machine> machine, Optional<Path> config, Path runtimeDirectory) {
    /** How the service is started. */
    static final Options SERVICE = new Options(Optional.empty(), Optional.empty(), Path.of("/run/quiesced"));

    /**
     * Reads the configuration.
     *
     * @throws ConfigException if it is broken
     */
    Config load() throws ConfigException {
        if (config.isPresent()) {
            return ConfigFiles.load(config.get());
        }
        return machine.isPresent() ? ConfigFiles.shipped() : ConfigFiles.load(ConfigFiles.SYSTEM);
    }

    /** Returns where files may be that last as long as the start: the service's is in its own memory, for {@code /run} may be full. */
    Path scratch() {
        return equals(SERVICE) ? Path.of(System.getProperty("java.io.tmpdir")) : runtimeDirectory;
    }

    /** Reads the command line; if it is wrong, or asks for help, says so and ends the process. */
    static Options parse(String... arguments) {
        Line line = new Line();
        CommandLine command = new CommandLine(line);
        try {
            command.parseArgs(arguments);
            if (command.isUsageHelpRequested()) {
                command.usage(System.out);
                System.exit(0);
            }
            Optional<Machine> machine = line.machine.map(Machines::find);
            return new Options(machine, line.config, line.runtimeDirectory.orElse(SERVICE.runtimeDirectory()));
        } catch (CommandLine.ParameterException | Machines.UnknownMachineException e) {
            System.err.println("quiesced: " + e.getMessage());
            System.exit(1);
            throw e;
        }
    }

    @Command(
            name = "quiesced",
            description = "The resident daemon; systemd starts it. It is asked and told by quiescectl.")
    private static final class Line {
        @Option(
                names = "--simulated",
                paramLabel = "MACHINE",
                description = "Run on a simulated machine: a built-in one or a captured file. Needs no root.")
        private Optional<String> machine = Optional.empty();

        @Option(names = "--config", paramLabel = "FILE", description = "The main configuration file.")
        private Optional<Path> config = Optional.empty();

        @Option(
                names = "--runtime-directory",
                paramLabel = "DIRECTORY",
                description = "Where to make pipes and socket.")
        private Optional<Path> runtimeDirectory = Optional.empty();

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help and exit.")
        private boolean help;
    }
}
