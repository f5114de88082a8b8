// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * With {@code handover = true} the kernel's own walk begins while drives are still in flight. It goes from the device
 * that was found last to the first, and waits at a device that belongs to a drive in flight. So drives that were found
 * later than those in flight go down beside them, and the rest after them.
 */
@Needs(
        drives = HandoverIT.DRIVES,
        thorough = true,
        reason = "handover is off by default on a kernel that walks serially")
class HandoverIT extends ScenarioTest {
    static final int DRIVES = 5;
    private static final String FOUND_AT_BOOT = "0000:04:00.0";
    private static final String FOUND_LAST = "0000:05:00.0";

    private static final String CONFIG = """
            mode = "on"
            handover = true
            [device."0000:0[45]:00.0"]
            shutdown = "kernel"
            """;

    private static final String FIND_IT_LAST = """
            echo 1 >/sys/bus/pci/devices/ADDRESS/remove
            echo 1 >/sys/bus/pci/rescan
            until [ -e /sys/bus/pci/drivers/nvme/ADDRESS ]; do sleep 0.2; done
            udevadm settle
            """.replace("ADDRESS", FOUND_LAST);

    HandoverIT() {
        super("handover");
    }

    @Test
    void kernelWalkOverlapsDrivesInFlightAndWaitsForThem() throws IOException, InterruptedException {
        List<Drive> drives = dataDrivesAfter(installedRoot("reboot"));
        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.WATCH
                                + Scripts.LATE_ONLY
                                + FIND_IT_LAST
                                + Scripts.slowNvme(3_000)
                                + Scripts.end("reboot"),
                        CONFIG));

        Map<String, Boot.Span> ours = new LinkedHashMap<>(boot.nvmeShutdowns());
        assertThat(ours).hasSize(DRIVES);
        assertThat(boot.notifications())
                .as("one of them from the removal of the drive that is rediscovered last")
                .hasSize(DRIVES + 1);
        assertThat(boot.walkedBy("nvme")).containsExactly(FOUND_LAST, FOUND_AT_BOOT);
        Boot.Span foundLast = ours.remove(FOUND_LAST);
        Boot.Span foundAtBoot = ours.remove(FOUND_AT_BOOT);
        double first = ours.values().stream().mapToDouble(Boot.Span::to).min().orElseThrow();
        double last = ours.values().stream().mapToDouble(Boot.Span::to).max().orElseThrow();
        assertThat(boot.when("scenario: hook has ended with 0").orElseThrow())
                .as("the hook does not wait for what is in flight")
                .isLessThan(first);
        assertThat(ours.values())
                .allSatisfy(span -> assertThat(span.overlaps(foundLast)).isTrue());
        assertThat(foundAtBoot.from())
                .as("the walk waits for all drives of the run")
                .isGreaterThan(last);
        double hooks = boot.when("scenario: hooks begin").orElseThrow();
        double restart = boot.when("reboot: Restarting system").orElseThrow();
        assertThat(restart).isGreaterThan(foundAtBoot.to());
        report(
                "hooks to restart %.2f s; without it %.2f s",
                restart - hooks, last - hooks + foundLast.length() + foundAtBoot.length());
    }
}
