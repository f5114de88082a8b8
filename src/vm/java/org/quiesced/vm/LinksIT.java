// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Devices that are connected by device links of the kernel (see {@code linktest.c}), and whose driver is opted in with
 * {@code method = "unbind"}.
 */
class LinksIT extends ScenarioTest {
    private static final String CONFIG = """
            [driver.linktest]
            shutdown = "parallel"
            method = "unbind"
            """;

    LinksIT() {
        super("links");
    }

    @Test
    void consumersGoDownBeforeSuppliersAndChildrenBeforeParents() throws IOException, InterruptedException {
        Boot boot = boot(
                "reboot",
                List.of(installedRoot("reboot")),
                Payload.quiesced(
                        Scripts.WATCH + "modprobe linktest delay_ms=500\nudevadm settle\n"
                                + "for l in /sys/class/devlink/*linktest*; do\n"
                                + "    echo \"scenario: link ${l##*/} sync_state_only=$(cat $l/sync_state_only)\" >/dev/kmsg\n"
                                + "done\n" + Scripts.end("reboot"),
                        CONFIG));

        assertThat(boot.find("scenario: link .*sync_state_only=0"))
                .as("links of the kernel")
                .hasSize(3);
        assertThat(boot.find("scenario: link .*sync_state_only=1"))
                .as("closing a cycle")
                .hasSize(1);
        Map<String, Boot.Span> removed =
                boot.spans("linktest (linktest\\S*): remove begins", "linktest (linktest\\S*): remove ends");
        assertThat(removed).hasSize(7);
        assertThat(boot.find("linktest \\S+: remove begins"))
                .as("each exactly once")
                .hasSize(7);
        assertThat(boot.says("linktest \\S+: shutdown begins"))
                .as("by the kernel's own walk")
                .isFalse();
        assertInOrder(removed, "linktest.2", "linktest.1", "linktest.0", "linktest.5", "linktest-parent.1");
        for (String child : List.of("linktest.0", "linktest.2", "linktest.3")) {
            assertInOrder(removed, child, "linktest-parent.0");
        }
        assertThat(removed.get("linktest.3").overlaps(removed.get("linktest.2")))
                .as("unrelated devices overlap")
                .isTrue();
    }

    private static void assertInOrder(Map<String, Boot.Span> removed, String... names) {
        for (int i = 1; i < names.length; i++) {
            assertThat(removed.get(names[i]).from())
                    .as(names[i] + " begins after " + names[i - 1] + " has ended")
                    .isGreaterThanOrEqualTo(removed.get(names[i - 1]).to());
        }
    }
}
