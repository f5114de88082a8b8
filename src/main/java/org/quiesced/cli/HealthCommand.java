// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.quiesced.health.DriveHistory;
import org.quiesced.health.Drives;
import org.quiesced.health.DrivesFile;
import org.quiesced.health.HealthText;
import org.quiesced.history.RecordFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(description = "Show for each drive whether it was shut down cleanly, by its own counters.")
final class HealthCommand extends VerbCommand {
    @Mixin
    private JsonOption json;

    HealthCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        RecordFiles.Contents records = RecordSource.ofThisMachine(output(), "").all();
        List<DriveHistory> drives = DriveHistory.of(records, present());
        ZoneId zone = ZoneId.systemDefault();
        show(drives, json, () -> HealthText.page(records, drives, zone));
        return 0;
    }

    private Optional<Drives> present() {
        try {
            return new DrivesFile(RecordFiles.SYSTEM).read();
        } catch (IOException e) {
            output().warn(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
