// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.simulation.Machines;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code --kernel-walk} of the verbs that simulate a machine. */
final class KernelOption {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--kernel-walk",
            paramLabel = "WALK",
            description = {
                "How the kernel of a built-in or captured machine shuts down the devices left to it: serial, or asynchronous"
                        + " as with core.async_shutdown; by default as captured."
            })
    private Optional<String> walk;

    /** Returns whether the option was given. */
    boolean isGiven() {
        return walk.isPresent();
    }

    /**
     * Returns a machine with the walk mode of the option; empty if no machine is named.
     *
     * @throws Failure if the option was given without a machine
     */
    Optional<Machine> machine(Optional<String> name) {
        if (name.isEmpty() && isGiven()) {
            throw new Failure("--kernel-walk is for a built-in or captured machine: name one");
        }
        return name.map(given -> applyTo(Machines.find(given)));
    }

    /**
     * Returns the machine with the walk mode of the option.
     *
     * @throws ParameterException if the option has another value
     */
    Machine applyTo(Machine machine) {
        return walk.map(word -> machine.withWalk(WalkMode.ofWord(word)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(), "--kernel-walk must be serial or asynchronous"))))
                .orElse(machine);
    }
}
