// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.report.Cancellation;
import org.quiesced.report.KernelText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(description = "Show the state of the daemon and a summary of its plan.")
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
            JsonNode status = client.call("Status");
            if (json.isOn()) {
                output().json(status, json.mode());
            } else {
                output().line("  State: " + status.path("state").asString());
                output().line("   Plan: " + status.path("summary").asString("unknown: " + DaemonErrors.RESTART));
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
}
