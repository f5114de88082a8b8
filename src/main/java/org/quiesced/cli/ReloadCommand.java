// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "reload",
        description = {
            "Make the daemon read its configuration again.",
            "It reads its copy, in its own root in memory: \"systemctl reload quiesced\" copies it anew if it is sound, and then calls this."
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
