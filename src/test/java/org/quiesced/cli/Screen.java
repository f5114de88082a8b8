// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.HashMap;
import java.util.Map;

/**
 * A terminal of a given size.
 *
 * @param environment the environment variables of the command
 */
record Screen(int rows, int columns, Map<String, String> environment) implements Terminal {
    Screen {
        environment = Map.copyOf(environment);
    }

    /** Returns a terminal with colours and without a pager. */
    static Screen of(int columns, String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of("TERM", "xterm", "PAGER", "cat"));
        for (String variable : variables) {
            environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        }
        return new Screen(24, columns, environment);
    }

    @Override
    public boolean isThere() {
        return true;
    }

    /** Runs quiescectl on the terminal. */
    Command run(String... arguments) {
        return Command.on(this, arguments);
    }
}
