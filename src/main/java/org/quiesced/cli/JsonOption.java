// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option {@code --json}. */
final class JsonOption {
    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "pretty",
            preprocessor = OnlyAttached.class,
            paramLabel = "MODE",
            description = "Write JSON: pretty (the default), short or off.")
    private JsonMode mode = JsonMode.OFF;

    /** Accepts a value only after an equals sign: in {@code --json FILE}, the second word is an argument. */
    static final class OnlyAttached implements IParameterPreprocessor {
        @Override
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if ("=".equals(info.get("separator"))) {
                return false;
            }
            option.setValue(JsonMode.PRETTY);
            return true;
        }
    }

    boolean isOn() {
        return mode != JsonMode.OFF;
    }

    JsonMode mode() {
        return mode;
    }
}
