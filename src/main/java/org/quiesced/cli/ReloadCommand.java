// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
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
            client.call("Reload");
            return 0;
        }
    }
}
