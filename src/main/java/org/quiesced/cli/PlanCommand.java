// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.report.Page;
import org.quiesced.report.PlanText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description = {
            "Show how each device will be shut down, and why. Changes nothing.",
            "A disk whose user releases it during the shutdown counts as free.",
            "The plan is that of the daemon. If no daemon runs, or with --config, the machine is read: to determine whether a disk is free, the"
                    + " kernel's exclusive claim on it is taken and released at once."
        })
final class PlanCommand extends VerbCommand {
    @Option(names = "--all", description = "Also show devices without a method.")
    private boolean all;

    @Mixin
    private MachineArgument machine;

    @Mixin
    private PlanOption plan;

    @Mixin
    private JsonOption json;

    PlanCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        machine.ifGiven(plan::select);
        PlanSource shown = plan.plan();
        show(shown.plan(), json, () -> {
            Page page = PlanText.of(shown.plan(), all);
            shown.source().ifPresent(page::line);
            return page;
        });
        return 0;
    }
}
