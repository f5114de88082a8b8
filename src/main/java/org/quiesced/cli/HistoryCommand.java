// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import org.quiesced.history.HistoryText;
import org.quiesced.history.ListedShutdown;
import org.quiesced.history.RecordFiles;
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
        RecordFiles.Contents records = RecordSource.ofThisMachine(output(), "").all();
        show(ListedShutdown.of(records.stored()), json, () -> HistoryText.page(records, ZoneId.systemDefault()));
        return 0;
    }
}
