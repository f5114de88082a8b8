// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.Machines;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that select a shutdown: a recorded one of this machine, by default the last, or a simulated one. */
final class RecordOption {
    @Option(
            names = "--shutdown",
            paramLabel = "NUMBER|FILE",
            description = "The shutdown: its number in \"history\", 0 for the last one, -1 for the one before; or a"
                    + " file with a record. By default the last one.")
    private Optional<String> shutdown;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "Show a simulated shutdown of a machine: a built-in one, or a file written by \"capture\".")
    private Optional<String> machine;

    @Option(
            names = "--verb",
            paramLabel = "VERB",
            description = "With --machine: poweroff, reboot, halt or kexec; by default reboot.")
    private Optional<Verb> verb;

    @Mixin
    private KernelOption kernel;

    @Mixin
    private ConfigOption config;

    /** Returns the records of this machine, and writes a warning for each file that cannot be read. */
    static List<RecordFiles.Kept> all(Output output) {
        try {
            RecordFiles.Contents contents = new RecordFiles(RecordFiles.SYSTEM).read();
            contents.problems().forEach(output::warn);
            return contents.records();
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /**
     * Selects a shutdown as the option does.
     *
     * @throws Failure if the option is given too
     */
    void select(String which) {
        if (shutdown.isPresent()) {
            throw new Failure("either " + which + " or --shutdown, not both");
        }
        shutdown = Optional.of(which);
    }

    /** Returns the selected record. */
    ShutdownRecord record(Output output) {
        if (machine.isPresent() && shutdown.isPresent()) {
            throw new Failure("either --machine or --shutdown, not both");
        }
        if (machine.isPresent()) {
            Config loaded = config.loadForAnyMachine();
            return SimulatedRecord.of(kernel.applyTo(Machines.find(machine.get())), loaded, verb.orElse(Verb.REBOOT));
        }
        if (verb.isPresent() || kernel.isGiven() || config.isGiven()) {
            throw new Failure("--verb, --kernel-walk and --config are for a simulated shutdown: name its machine with"
                    + " --machine");
        }
        return kept(shutdown.orElse("0"), output).record();
    }

    /** Returns a record by its number or its file. */
    static RecordFiles.Kept kept(String which, Output output) {
        if (!which.matches("-?\\d{1,9}")) {
            return ofFile(Path.of(which));
        }
        List<RecordFiles.Kept> records = all(output);
        if (records.isEmpty()) {
            throw new Failure("no shutdown has been recorded yet in " + RecordFiles.SYSTEM
                    + "; name a file with --shutdown, or a machine with --machine");
        }
        int number = Integer.parseInt(which);
        int index = records.size() - 1 + number;
        if (number <= 0 && index >= 0) {
            return records.get(index);
        }
        return records.stream()
                .filter(kept -> kept.number() == number)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        new RecordFiles(RecordFiles.SYSTEM).has(number)
                                ? "the record of shutdown " + number + " cannot be read"
                                : "no shutdown " + number + ": there are "
                                        + records.get(0).number() + " to "
                                        + records.get(records.size() - 1).number()
                                        + "; \"quiescectl history\" lists them"));
    }

    private static RecordFiles.Kept ofFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Failure(file + (Files.exists(file) ? ": not a file" : ": neither a number nor a file"));
        }
        try {
            return new RecordFiles.Kept(0, file, RecordFiles.read(file));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
