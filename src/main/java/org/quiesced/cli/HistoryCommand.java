// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import java.util.List;
import org.quiesced.history.HistoryText;
import org.quiesced.history.ListedShutdown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(description = "List the recorded shutdowns, one per line, the oldest first.")
final class HistoryCommand extends VerbCommand {
    @Mixin
    private JsonOption json;

    HistoryCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        List<ListedShutdown> shutdowns =
                ListedShutdown.of(RecordSource.ofThisMachine(output(), "").all().stored());
        show(shutdowns, json, () -> HistoryText.page(shutdowns, ZoneId.systemDefault()));
        return 0;
    }
}
