// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.quiesced.report.Page;
import picocli.CommandLine.Option;

/** A verb of {@code quiescectl}. */
abstract class VerbCommand implements Callable<Integer> {
    private final Output output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    /** An option of each verb, as with systemd's tools, including those with short output. */
    @Option(names = "--no-pager", description = "Do not page the output.")
    private boolean pagerIsDeclined;

    /** An option of each verb too. */
    @Option(
            names = {"-l", "--full"},
            description = "Do not shorten tables to the width of the terminal.")
    private boolean full;

    VerbCommand(Output output) {
        this.output = output;
    }

    Output output() {
        return output;
    }

    /** Writes text that may be long. */
    void page(Page page) {
        output.page(page, pagerIsDeclined, full);
    }

    /** Writes a result: as JSON if the option requests it, or else as text, which may be long. */
    void show(Object result, JsonOption json, Supplier<Page> text) {
        if (json.isOn()) {
            output.json(result, json.mode());
        } else {
            page(text.get());
        }
    }
}
