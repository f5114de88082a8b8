// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import picocli.CommandLine.Option;

/** The options of a verb that reports something. */
final class JsonOption {
    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "pretty",
            defaultValue = "off",
            paramLabel = "MODE",
            description = "Write JSON: pretty (the default), short or off.")
    private JsonMode mode;

    boolean isOn() {
        return mode != JsonMode.OFF;
    }

    JsonMode mode() {
        return mode;
    }
}
