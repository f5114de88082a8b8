// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.chart.PlanDot;
import org.quiesced.chart.PlanGraph;
import org.quiesced.report.PlanJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Write the dependencies of the devices at shutdown as a graph in the language of dot(1).")
final class DotCommand extends VerbCommand {
    @Option(names = "--all", description = "Also show devices without a method.")
    private boolean all;

    @Mixin
    private MachineArgument machine;

    @Mixin
    private PlanOption plan;

    DotCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(plan::select);
        PlanJson shown = plan.plan().plan();
        PlanDot.of(shown, PlanGraph.of(shown, all)).forEach(output()::line);
        return 0;
    }
}
