// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import java.util.Optional;
import org.quiesced.chart.DeviceGraph;
import org.quiesced.chart.PlanTree;
import org.quiesced.chart.RecordTree;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.ShownShutdown;
import org.quiesced.report.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description = "Show the devices as a tree, with how each will be shut down, or was shut down in a recorded"
                + " shutdown.")
final class TreeCommand extends VerbCommand {
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

    @Mixin
    private JsonOption json;

    TreeCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(plan::select);
        Optional<RecordFiles.Kept> recorded = shutdown.record(plan, output());
        if (recorded.isPresent()) {
            ShownShutdown of = ShownShutdown.of(recorded.get());
            RecordTree tree = RecordTree.of(of.record(), DeviceGraph.of(of.record(), all));
            show(tree, json, () -> of.titled(tree.page(), ZoneId.systemDefault()));
            return 0;
        }
        PlanSource shown = plan.plan();
        PlanTree tree = PlanTree.of(DeviceGraph.of(shown.plan(), all));
        show(tree, json, () -> {
            Page page = tree.page();
            shown.source().ifPresent(source -> page.blank().line(source));
            return page;
        });
        return 0;
    }
}
