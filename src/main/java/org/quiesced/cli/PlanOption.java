// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.shutdown.Verb;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that select a plan: of this machine, or of a machine description. */
final class PlanOption {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "The machine: a built-in one, or a file written by \"capture\"; by default the one that the"
                    + " command runs on.")
    private Optional<String> machine;

    @Option(names = "--verb", paramLabel = "VERB", description = "poweroff, reboot, halt or kexec; by default reboot.")
    private Optional<Verb> verb;

    @Mixin
    private KernelOption kernel;

    @Mixin
    private ConfigOption config;

    @Mixin
    private DaemonOption daemon;

    /**
     * Selects a machine as {@code --machine} does.
     *
     * @throws Failure if the option is given too
     */
    void select(String argument) {
        machine = MachineArgument.either(argument, machine);
    }

    /** Returns the machine description; empty for this machine. */
    Optional<Machine> machine() {
        return kernel.machine(machine);
    }

    /** Returns whether an option that changes a plan was given. */
    boolean isGiven() {
        return machine.isPresent() || verb.isPresent() || kernel.isGiven() || config.isGiven() || daemon.isGiven();
    }

    ConfigOption config() {
        return config;
    }

    DaemonOption daemon() {
        return daemon;
    }

    /** Returns the selected plan. */
    PlanSource plan() {
        return plan(machine());
    }

    /**
     * Returns the selected plan.
     *
     * @param read the result of {@link #machine}
     */
    PlanSource plan(Optional<Machine> read) {
        return PlanSource.of(read, spec.name(), daemon, config, verb.orElse(Verb.REBOOT));
    }
}
