// SPDX-License-Identifier: Apache-2.0
package org.quiesced.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.config.Nearest;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineFile;

/** Finds a machine by the name of a built-in one, or by a file that {@code quiescectl capture} wrote. */
public final class Machines {
    private Machines() {}

    /** Thrown if there is no such machine. The message names the problem and the remedy. */
    public static final class UnknownMachineException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownMachineException(String message) {
            super(message);
        }

        UnknownMachineException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Finds a machine.
     *
     * @throws UnknownMachineException if there is none, or its file is invalid
     */
    public static Machine find(String name) {
        Optional<Machine> builtIn = BuiltInMachines.byName(name);
        if (builtIn.isPresent()) {
            return builtIn.get();
        }
        Path path = Path.of(name);
        if (!name.contains("/") && !name.endsWith(".json") && !Files.exists(path)) {
            String hint = Nearest.hint(name, BuiltInMachines.names())
                    .orElse("there are " + String.join(", ", BuiltInMachines.names()) + ", or name a captured file");
            throw new UnknownMachineException("no machine \"" + name + "\": " + hint);
        }
        try {
            return MachineFile.read(path);
        } catch (IOException e) {
            throw new UnknownMachineException(e);
        }
    }
}
