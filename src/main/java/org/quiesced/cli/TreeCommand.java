// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.ArrayList;
import java.util.List;
import org.quiesced.chart.PlanGraph;
import org.quiesced.chart.PlanTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Show the devices as a tree, with how each will be shut down.")
final class TreeCommand extends VerbCommand {
    @Option(names = "--all", description = "Also show devices without a method.")
    private boolean all;

    @Mixin
    private PlanOption plan;

    @Mixin
    private JsonOption json;

    TreeCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        PlanSource shown = plan.plan();
        PlanTree tree = PlanTree.of(PlanGraph.of(shown.plan(), all));
        show(tree, json, () -> {
            List<String> lines = new ArrayList<>(tree.lines());
            shown.source().ifPresent(source -> lines.addAll(List.of("", source)));
            return lines;
        });
        return 0;
    }
}
