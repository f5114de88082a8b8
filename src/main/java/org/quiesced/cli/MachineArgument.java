// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Parameters;

/** The machine as an argument of the verbs that have no other argument; the same as {@code --machine}. */
final class MachineArgument {
    @Parameters(arity = "0..1", paramLabel = "MACHINE", description = "The machine, as with --machine.")
    private Optional<String> machine;

    /** Passes the machine on, if one is given. */
    void ifGiven(Consumer<String> select) {
        machine.ifPresent(select);
    }

    /**
     * Returns the machine of the argument or of the option.
     *
     * @throws Failure if both are given
     */
    static Optional<String> either(String argument, Optional<String> option) {
        if (option.isPresent()) {
            throw new Failure("either " + argument + " or --machine, not both");
        }
        return Optional.of(argument);
    }
}
