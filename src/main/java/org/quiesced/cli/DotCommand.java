// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import java.util.Optional;
import org.quiesced.chart.DeviceGraph;
import org.quiesced.chart.PlanDot;
import org.quiesced.chart.RecordDot;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.ShownShutdown;
import org.quiesced.report.PlanJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Write the dependencies of the devices at shutdown as a graph in the language of dot(1).")
final class DotCommand extends VerbCommand {
    @Option(
            names = "--all",
            description = "Also show devices without a method, or that only the kernel's walk shut down.")
    private boolean all;

    @Mixin
    private MachineArgument machine;

    @Mixin
    private PlanOption plan;

    @Mixin
    private ShutdownOption shutdown;

    DotCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(plan::select);
        Optional<RecordFiles.Kept> recorded = shutdown.record(plan, output());
        if (recorded.isPresent()) {
            ShownShutdown shown = ShownShutdown.of(recorded.get());
            RecordDot.of(shown, DeviceGraph.of(shown.record(), all), ZoneId.systemDefault())
                    .forEach(output()::line);
            return 0;
        }
        PlanJson shown = plan.plan().plan();
        PlanDot.of(shown, DeviceGraph.of(shown, all)).forEach(output()::line);
        return 0;
    }
}
