// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.quiesced.report.EventJson;
import org.quiesced.report.EventJson.Kind;
import org.quiesced.report.PlanJson;
import org.quiesced.shutdown.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "monitor", description = "Show the events of the next shutdown as they happen, until it ends.")
final class MonitorCommand extends VerbCommand {
    @Option(names = "--simulate", description = "Let the daemon simulate a shutdown now; no device is touched.")
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
            Map<String, PlanJson.Entry> known = json.isOn() ? Map.of() : plan(client);
            client.send("Events", Map.of("simulate", simulate), true);
            boolean continues = true;
            while (continues) {
                JsonNode reply = client.receiveWheneverItComes();
                show(client, reply.path("parameters"), known);
                continues = reply.path("continues").asBoolean(false);
            }
            return 0;
        }
    }

    /** Requests the plan before the events begin, for the names of the devices. */
    private static Map<String, PlanJson.Entry> plan(DaemonClient client) {
        return client.plan(Verb.REBOOT).devices().stream()
                .collect(Collectors.toMap(PlanJson.Entry::path, Function.identity()));
    }

    private void show(DaemonClient client, JsonNode answer, Map<String, PlanJson.Entry> known) {
        if (json.isOn()) {
            output().json(answer, json.mode());
            return;
        }
        EventJson event = client.understand(answer, EventJson.class);
        Optional<PlanJson.Entry> device = event.device().map(known::get);
        // The plan already shows which devices exist; a device without a method matters only if it is a drive.
        boolean isNews =
                device.isEmpty() || device.get().supported() || device.get().drive();
        if (event.kind() == Kind.PLANNED || event.kind() == Kind.LEFT && !isNews) {
            return;
        }
        String what = device.map(entry -> entry.driver() + " " + entry.label())
                .or(event::device)
                .orElse("");
        String detail = event.detail();
        output().line(String.format(
                        Locale.ROOT,
                        "%8.3f s  %-9s  %s%s%s",
                        event.at(),
                        event.kind().word().replace('_', '-'),
                        what,
                        what.isEmpty() || detail.isEmpty() ? "" : ": ",
                        event.kind() == Kind.END ? detail.replaceFirst("^end: ", "") : detail)
                .stripTrailing());
    }
}
