// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tools of systemd that query services: varlinkctl(1), and systemd-report(1) where it is there. */
@Needs(suite = Suite.TRIXIE, thorough = true, reason = "older releases of systemd have no varlinkctl")
class SystemdToolsIT extends ScenarioTest {
    private static final String SCRIPT = Scripts.SAY + """
            socket=/run/quiesced/org.quiesced.Control
            varlinkctl info $socket | say info
            for interface in org.quiesced.Control io.systemd.service org.varlink.service; do
                varlinkctl introspect $socket $interface >/tmp/out 2>&1
                echo "$interface $?" | say introspected
            done
            varlinkctl introspect $socket org.quiesced.Control | grep '^method' | say method
            varlinkctl call --json=short $socket org.quiesced.Control.Status '{}' | say status
            varlinkctl call --json=short $socket org.quiesced.Control.Plan '{"verb":"poweroff"}' | cut -c 1-200 | say plan
            varlinkctl call --json=short $socket io.systemd.service.Ping '{}' | say ping
            varlinkctl call $socket org.quiesced.Control.Plan '{"verb":"sleep"}' 2>&1 | say refused
            varlinkctl list-registry --no-pager 2>&1 | say registry
            systemctl start quiesced-history.service
            command -v systemd-report | say report
            systemd-report facts --no-pager 2>&1 | grep -i quiesced | say fact
            """;

    SystemdToolsIT() {
        super("systemd-tools");
    }

    @Test
    void socketAnswersVarlinkctl() throws IOException, InterruptedException {
        Boot boot = boot("tools", nvmeRootAndData("tools", 1), Payload.quiesced(SCRIPT + Scripts.end("poweroff")));

        boot.find("scenario: (info|introspected|method|status|plan|ping|refused|registry|report|fact): .*")
                .forEach(line -> report("%s", line.group()));
        assertThat(boot.find("scenario: introspected: \\S+ 0")).hasSize(3);
        assertThat(boot.find("scenario: method: method (\\w+)").stream().map(line -> line.group(1)))
                .containsExactlyInAnyOrderElementsOf(List.of("Status", "Plan", "Tree", "Reload", "Events"));
        assertSays(boot, "scenario: status: \\{");
        assertSays(boot, "scenario: plan: \\{.*nvme");
        assertSays(boot, "scenario: ping: \\{\\}");
        assertSays(boot, "scenario: refused: .*InvalidParameter");
    }
}
