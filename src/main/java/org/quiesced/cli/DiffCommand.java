// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.history.Difference;
import org.quiesced.history.HistoryText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(description = "Show which parts and devices were slower or faster in the second of two shutdowns.")
final class DiffCommand extends VerbCommand {
    @Parameters(index = "0", paramLabel = "NUMBER|FILE", description = "The first shutdown: its number or its file.")
    private String one;

    @Parameters(index = "1", paramLabel = "NUMBER|FILE", description = "The second shutdown.")
    private String other;

    @Mixin
    private JsonOption json;

    DiffCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        RecordSource records = RecordSource.ofThisMachine(output(), "name two files with records");
        Difference difference = Difference.of(records.kept(one), records.kept(other));
        show(difference, json, () -> HistoryText.page(difference));
        return 0;
    }
}
