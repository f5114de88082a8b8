// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Map;
import org.quiesced.report.Cancellation;
import org.quiesced.report.KernelText;
import org.quiesced.report.Page;
import org.quiesced.report.Style;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(description = "Show the state of the daemon and a summary of its plan.")
final class StatusCommand extends VerbCommand {
    /** The style of each state; another one is a failure. */
    private static final Map<String, Style> STATES = Map.of("ready", Style.GOOD, "shutting_down", Style.WARNING);

    @Mixin
    private final DaemonOption daemon = new DaemonOption();

    @Mixin
    private final JsonOption json = new JsonOption();

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
                output().write(text(client, status));
            }
            return 0;
        }
    }

    private static Page text(DaemonClient client, JsonNode status) {
        String state = status.path("state").asString();
        Page page = new Page()
                .item("  State: ", state, STATES.getOrDefault(state, Style.BAD))
                .item("   Plan: ", status.path("summary").asString("unknown: " + DaemonErrors.RESTART));
        KernelText.of(
                        status.path("kernelWalk").asString(""),
                        status.path("handover").asBoolean(false))
                .ifPresent(sentence -> page.item(" Kernel: ", sentence));
        if (status.path("cancelled").isObject()) {
            Cancellation cancelled = client.understand(status.path("cancelled"), Cancellation.class);
            page.item(" Remark: ", cancelled.describe(), Style.WARNING);
        }
        return page.item("Process: ", status.path("pid").asString())
                .item("Version: ", status.path("version").asString());
    }
}
