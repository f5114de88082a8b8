// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import org.quiesced.chart.Plot;
import org.quiesced.chart.PlotPage;
import org.quiesced.history.ShownShutdown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description = "Write an SVG image of a shutdown: its phases, a lane for each device, and the kernel's serial"
                + " walk that it replaced, in grey.")
final class PlotCommand extends VerbCommand {
    @Mixin
    private MachineArgument machine;

    @Mixin
    private RecordOption record;

    @Option(
            names = "--html",
            description = "Write an HTML page without external resources, with the image and the report.")
    private boolean html;

    PlotCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(record::selectMachine);
        ShownShutdown shown = record.record(output());
        ZoneId zone = ZoneId.systemDefault();
        (html ? PlotPage.of(shown, zone) : Plot.of(shown, zone)).forEach(output()::line);
        return 0;
    }
}
