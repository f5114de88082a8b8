// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "reload",
        description = {
            "Make the daemon read its configuration again.",
            "The daemon reads its copy in memory: \"systemctl reload quiesced\" checks and copies the configuration, and then calls this."
        })
final class ReloadCommand extends VerbCommand {
    @Mixin
    private DaemonOption daemon;

    ReloadCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        try (DaemonClient client = daemon.require()) {
            client.call("Reload", Map.of());
            return 0;
        }
    }
}
