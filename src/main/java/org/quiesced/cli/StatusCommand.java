// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Map;
import org.quiesced.config.Mode;
import org.quiesced.report.Cancellation;
import org.quiesced.report.KernelText;
import org.quiesced.report.PlanJson;
import org.quiesced.report.PlanText;
import org.quiesced.shutdown.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(name = "status", description = "Show the state of the daemon and a summary of its plan.")
final class StatusCommand extends VerbCommand {
    @Mixin
    private DaemonOption daemon;

    @Mixin
    private JsonOption json;

    StatusCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        try (DaemonClient client = daemon.require()) {
            JsonNode status = client.call("Status", Map.of());
            if (json.isOn()) {
                output().json(status, json.mode());
            } else {
                output().line("  State: " + status.path("state").asString());
                output().line("   Plan: " + plan(client, status.path("mode").asString("")));
                KernelText.of(
                                status.path("kernelWalk").asString(""),
                                status.path("handover").asBoolean(false))
                        .ifPresent(sentence -> output().line(" Kernel: " + sentence));
                if (status.path("cancelled").isObject()) {
                    Cancellation cancelled = client.understand(status.path("cancelled"), Cancellation.class);
                    output().line(" Remark: " + cancelled.describe());
                }
                output().line("Process: " + status.path("pid").asString());
                output().line("Version: " + status.path("version").asString());
            }
            return 0;
        }
    }

    private static String plan(DaemonClient client, String mode) {
        if (mode.equals(Mode.OFF.word())) {
            return PlanText.OFF;
        }
        PlanJson plan = client.plan(Verb.REBOOT);
        return PlanText.line(plan.summary(), plan.totals());
    }
}
