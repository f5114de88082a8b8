// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import org.quiesced.history.Blame;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.ShutdownRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(description = "Show the devices of a shutdown by their time, the slowest first.")
final class BlameCommand extends VerbCommand {
    @Mixin
    private MachineArgument machine;

    @Mixin
    private RecordOption record;

    @Mixin
    private JsonOption json;

    BlameCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(record::selectMachine);
        ShownShutdown shown = record.record(output());
        ShutdownRecord shutdown = shown.record();
        show(shutdown.devices(), json, () -> shown.titled(Blame.page(shutdown), ZoneId.systemDefault()));
        return 0;
    }
}
