// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.simulation.Machines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Parser of the daemon's command line. Loaded only for a daemon that is started by hand: the service has no arguments,
 * and its root file system does not contain picocli.
 */
final class OptionsParser {
    private OptionsParser() {}

    /** Parses the command line. Prints a message and ends the process on an error and for {@code --help}. */
    static Options parse(String... arguments) {
        Line line = new Line();
        CommandLine command = new CommandLine(line);
        try {
            command.parseArgs(arguments);
            if (command.isUsageHelpRequested()) {
                command.usage(System.out);
                System.exit(0);
            }
            return new Options(
                    line.machine.map(Machines::find),
                    line.config,
                    line.runtimeDirectory.orElse(Options.SERVICE.runtimeDirectory()));
        } catch (CommandLine.ParameterException | Machines.UnknownMachineException e) {
            System.err.println("quiesced: " + e.getMessage());
            System.exit(1);
            throw e;
        }
    }

    @Command(name = "quiesced", description = "Resident daemon, started by systemd and controlled by quiescectl.")
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
