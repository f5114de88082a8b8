// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.concurrent.Callable;

/** A verb of {@code quiescectl}. */
abstract class VerbCommand implements Callable<Integer> {
    private final Output output;

    VerbCommand(Output output) {
        this.output = output;
    }

    Output output() {
        return output;
    }
}
