// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.history.ShownShutdown;
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

    /**
     * Selects a machine as {@code --machine} does.
     *
     * @throws Failure if the option is given too
     */
    void selectMachine(String argument) {
        machine = MachineArgument.either(argument, machine);
    }

    /** Returns the selected shutdown. */
    ShownShutdown record(Output output) {
        if (machine.isPresent() && shutdown.isPresent()) {
            throw new Failure("either --machine or --shutdown, not both");
        }
        if (machine.isPresent()) {
            Config loaded = config.loadForAnyMachine();
            return ShownShutdown.of(
                    SimulatedRecord.of(kernel.applyTo(Machines.find(machine.get())), loaded, verb.orElse(Verb.REBOOT)));
        }
        if (verb.isPresent() || kernel.isGiven() || config.isGiven()) {
            throw new Failure("--verb, --kernel-walk and --config are for a simulated shutdown: name its machine with"
                    + " --machine");
        }
        return ShownShutdown.of(
                RecordSource.ofThisMachine(output, "name a file with --shutdown, or a machine with --machine")
                        .kept(shutdown.orElse("0")));
    }
}
