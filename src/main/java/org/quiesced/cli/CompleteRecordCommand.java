// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quiesced.history.Carriers;
import org.quiesced.history.Completion;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordText;
import org.quiesced.host.linux.LinuxHost;
import picocli.CommandLine.Command;

/** What {@code quiesced-record.service} does when the machine is up again. */
@Command(
        name = "complete-record",
        hidden = true,
        description = "Put the record of the last shutdown together, and keep it. For quiesced-record.service.")
final class CompleteRecordCommand extends VerbCommand {
    CompleteRecordCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        try {
            Optional<RecordFiles.Kept> kept =
                    Completion.ofThisMachine(output()::warn).complete(LinuxHost.bootId());
            kept.ifPresent(this::report);
        } catch (IOException e) {
            throw new Failure(e);
        }
        return 0;
    }

    private void report(RecordFiles.Kept kept) {
        output().line("shutdown " + kept.number() + ": " + RecordText.summary(kept.record()));
        if (!kept.record().isComplete()) {
            List<String> missing = new Carriers(Path.of("/")).missing();
            output().line("how it ended was not carried over the restart"
                    + (missing.isEmpty() ? "" : ": " + String.join("; ", missing)));
        }
    }
}
