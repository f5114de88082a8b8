// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "monitor", description = "Show each event of the next shutdown as it happens, until it ends.")
final class MonitorCommand extends VerbCommand {
    @Option(names = "--simulate", description = "Let the daemon simulate one now; no device is touched.")
    private boolean simulate;

    @Mixin
    private DaemonOption daemon;

    @Mixin
    private JsonOption json;

    MonitorCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        try (DaemonClient client = daemon.require()) {
            client.send("Events", Map.of("simulate", simulate), true);
            boolean continues = true;
            while (continues) {
                JsonNode reply = client.receiveWheneverItComes();
                show(reply.path("parameters"));
                continues = reply.path("continues").asBoolean(false);
            }
            return 0;
        }
    }

    private void show(JsonNode event) {
        if (json.isOn()) {
            output().json(event, json.mode());
            return;
        }
        output().line(String.format(
                Locale.ROOT,
                "%8.3f s  %-8s %s%s",
                event.path("at").asDouble(),
                event.path("kind").asString(),
                event.path("device").asString(""),
                event.path("detail").isString() ? ": " + event.path("detail").asString() : ""));
    }
}
