// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.TimeJson;
import org.quiesced.history.TimeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        description = "Show the durations of the parts of a shutdown: units, systemd-shutdown, devices and the kernel.")
final class TimeCommand extends VerbCommand {
    @Mixin
    private MachineArgument machine;

    @Mixin
    private RecordOption record;

    @Mixin
    private JsonOption json;

    TimeCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(record::selectMachine);
        ShownShutdown shown = record.record(output());
        show(TimeJson.of(shown), json, () -> TimeText.page(shown, ZoneId.systemDefault()));
        return 0;
    }
}
