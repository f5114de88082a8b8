// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.config.Nearest;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineFile;

/** Finds a machine by what a user calls it: the name of a built-in one, or a file that "capture" wrote. */
public final class Machines {
    private Machines() {}

    /**
     * Finds a machine.
     *
     * @throws RuntimeException if there is none; its message is for the user
     */
    public static Machine find(String name) {
        Optional<Machine> builtIn = BuiltInMachines.byName(name);
        if (builtIn.isPresent()) {
            return builtIn.get();
        }
        Path path = Path.of(name);
        if (!name.contains("/") && !name.endsWith(".json") && !Files.exists(path)) {
            String hint = Nearest.to(name, BuiltInMachines.names())
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("there are " + String.join(", ", BuiltInMachines.names()) + ", or name a captured file");
            throw new Failure("no machine \"" + name + "\": " + hint);
        }
        try {
            return MachineFile.read(path);
        } catch (IOException e) {
            throw new Failure(e.getMessage());
        }
    }
}
