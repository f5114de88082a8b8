// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Map;
import java.util.Optional;
import org.quiesced.host.linux.LinuxHost;

/**
 * The standard output of the process. The environment variables {@code COLUMNS} and {@code LINES} override its size.
 *
 * @param environment the environment of the process
 */
record StandardOutput(Map<String, String> environment) implements Terminal {
    /** Largest size of a terminal ({@code struct winsize}). */
    private static final int LARGEST = 65_535;

    StandardOutput {
        environment = Map.copyOf(environment);
    }

    @Override
    public boolean isThere() {
        return LinuxHost.outputIsTerminal();
    }

    @Override
    public int rows() {
        return given("LINES").orElseGet(() -> LinuxHost.outputRows().orElse(24));
    }

    @Override
    public int columns() {
        return given("COLUMNS").orElseGet(() -> LinuxHost.outputColumns().orElse(80));
    }

    private Optional<Integer> given(String name) {
        String text = variable(name);
        int size = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        return size > 0 && size <= LARGEST ? Optional.of(size) : Optional.empty();
    }
}
