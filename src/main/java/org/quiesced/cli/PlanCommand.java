// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.report.Page;
import org.quiesced.report.PlanText;
import org.quiesced.shutdown.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = {
            "Show how each device will be shut down, and why. Changes nothing.",
            "A disk whose user releases it during the shutdown counts as free.",
            "The plan is that of the daemon. If no daemon runs, or with --config, the machine is read: to determine whether a disk is free, the"
                    + " kernel's exclusive claim on it is taken and released at once."
        })
final class PlanCommand extends VerbCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "MACHINE",
            description = "A built-in machine or a captured file; by default this machine.")
    private Optional<String> machine;

    @Option(
            names = "--verb",
            paramLabel = "VERB",
            defaultValue = "reboot",
            description = "poweroff, reboot, halt or kexec.")
    private Verb verb;

    @Option(names = "--all", description = "Also show devices without a method.")
    private boolean all;

    @Mixin
    private KernelOption kernel;

    @Mixin
    private ConfigOption config;

    @Mixin
    private DaemonOption daemon;

    @Mixin
    private JsonOption json;

    PlanCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        PlanSource shown = PlanSource.of(kernel.machine(machine), "plan", daemon, config, verb);
        show(shown.plan(), json, () -> {
            Page page = PlanText.of(shown.plan(), all);
            shown.source().ifPresent(page::line);
            return page;
        });
        return 0;
    }
}
