// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.report.EventJson;
import org.quiesced.report.EventJson.Kind;
import org.quiesced.report.FollowedRun;
import org.quiesced.report.PlanJson;
import org.quiesced.shutdown.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(description = "Show the events of the next shutdown as they happen, until it ends.")
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
            // Read the device names in advance: during a shutdown the daemon has no time for it.
            FollowedRun run = new FollowedRun(
                    json.isOn() ? List.of() : client.plan(Verb.REBOOT).devices());
            client.send("Events", parameters -> parameters.writeBooleanProperty("simulate", simulate), true);
            boolean continues = true;
            while (continues && !output().isLost()) {
                JsonNode reply = client.receiveWheneverItComes();
                show(client, reply.path("parameters"), run);
                continues = reply.path("continues").asBoolean(false);
            }
            return 0;
        }
    }

    private void show(DaemonClient client, JsonNode answer, FollowedRun run) {
        if (json.isOn()) {
            output().json(answer, json.mode());
            return;
        }
        EventJson event = client.understand(answer, EventJson.class);
        run.accept(event);
        Optional<PlanJson.Entry> device = run.device(event);
        // The plan lists all devices, and a bridge without a method is always left to the kernel: report neither.
        boolean isNews =
                device.isEmpty() || device.get().supported() || device.get().drive();
        if (event.kind() == Kind.PLANNED || event.kind() == Kind.LEFT && !isNews) {
            return;
        }
        String what = device.map(entry -> entry.driver() + " " + entry.label())
                .or(event::device)
                .orElse("");
        String detail = event.kind() == Kind.END ? run.end(event) : event.detail();
        output().paragraph(
                        String.format(
                                Locale.ROOT,
                                "%8.3f s  %-9s  ",
                                event.at(),
                                event.kind().word().replace('_', '-')),
                        what + (what.isEmpty() || detail.isEmpty() ? "" : ": ") + detail);
    }
}
