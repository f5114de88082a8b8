// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** A verb of {@code quiescectl}. */
abstract class VerbCommand implements Callable<Integer> {
    private final Output output;

    VerbCommand(Output output) {
        this.output = output;
    }

    Output output() {
        return output;
    }

    /** Writes a result as JSON if {@code --json} is given, or else as text through the pager. */
    void show(Object result, JsonOption json, Supplier<List<String>> lines, PagerOption pager) {
        if (json.isOn()) {
            output.json(result, json.mode());
        } else {
            output.paged(lines.get(), pager.isDeclined());
        }
    }
}
