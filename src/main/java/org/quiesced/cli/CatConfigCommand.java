// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quiesced.config.ConfigOrigins;
import org.quiesced.report.Page;
import org.quiesced.simulation.Machines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description =
                "Show the files of the configuration in the order in which they are read, and each value in force with"
                        + " its file and line.")
final class CatConfigCommand extends VerbCommand {
    @Option(names = "--tldr", description = "Omit comments and empty lines of the files.")
    private boolean brief;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "Show the configuration of a built-in or captured machine: the shipped one.")
    private Optional<String> machine;

    @Mixin
    private MachineArgument argument;

    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption json;

    CatConfigCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        argument.ifGiven(given -> machine = MachineArgument.either(given, machine));
        machine.ifPresent(Machines::find);
        ConfigOrigins origins = machine.isPresent() ? config.originsForAnyMachine() : config.origins();
        show(origins, json, () -> new Page().verbatim(lines(origins)));
        if (machine.isEmpty()) {
            config.load();
        }
        return 0;
    }

    private List<String> lines(ConfigOrigins origins) {
        List<String> lines = new ArrayList<>();
        for (ConfigOrigins.Text file : origins.files()) {
            lines.add("# " + file.file());
            file.text()
                    .lines()
                    .filter(line ->
                            !brief || !line.isBlank() && !line.stripLeading().startsWith("#"))
                    .map(CatConfigCommand::visible)
                    .forEach(lines::add);
            lines.add("");
        }
        lines.add("# Values in force");
        String header = "";
        for (ConfigOrigins.Value value : origins.values()) {
            if (!value.table().isEmpty() && !value.header().equals(header)) {
                header = value.header();
                lines.addAll(List.of("", header));
            }
            lines.add(value.key() + " = " + value.value() + "  # " + value.where() + overridden(value));
        }
        return lines;
    }

    private static String overridden(ConfigOrigins.Value value) {
        return value.overridden().isEmpty()
                ? ""
                : value.overridden().stream()
                        .map(place -> place.where() + " (" + place.value() + ")")
                        .collect(Collectors.joining(", ", ", overrides ", ""));
    }

    /** Returns a line with its control characters replaced by "?". */
    private static String visible(String line) {
        return line.replaceAll("[\\p{Cc}&&[^\t]]", "?");
    }
}
