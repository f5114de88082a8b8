// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.chart.PlanGraph;
import org.quiesced.chart.PlanTree;
import org.quiesced.report.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Show the devices as a tree, with how each will be shut down.")
final class TreeCommand extends VerbCommand {
    @Option(names = "--all", description = "Also show devices without a method.")
    private boolean all;

    @Mixin
    private MachineArgument machine;

    @Mixin
    private PlanOption plan;

    @Mixin
    private JsonOption json;

    TreeCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(plan::select);
        PlanSource shown = plan.plan();
        PlanTree tree = PlanTree.of(PlanGraph.of(shown.plan(), all));
        show(tree, json, () -> {
            Page page = tree.page();
            shown.source().ifPresent(source -> page.blank().line(source));
            return page;
        });
        return 0;
    }
}
