// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With {@code handover = true} the kernel's own walk begins while our drives are still in flight, and waits for each. */
class HandoverIT extends ScenarioTest {
    private static final int DRIVES = 4;

    /** The last drive is the kernel's: its time is what there is to gain. */
    private static final String CONFIG = """
            mode = "on"
            handover = true
            [device."nvme%d"]
            shutdown = "kernel"
            """.formatted(DRIVES - 1);

    HandoverIT() {
        super("handover");
    }

    @Test
    void theKernelsDriveGoesDownAtTheSameTimeAsOurs() throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot("reboot")));
        for (int i = 0; i < DRIVES; i++) {
            drives.add(Drive.nvme("data" + i));
        }
        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.WATCH + Scripts.LATE_ONLY + Scripts.slowNvme(3_000) + Scripts.end("reboot"), CONFIG));

        Map<String, Boot.Span> ours = new LinkedHashMap<>(boot.nvmeShutdowns());
        assertThat(ours).as("each was complete before the machine restarted").hasSize(DRIVES);
        assertThat(ours.values()).allSatisfy(span -> assertThat(span.length()).isPositive());
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).hasSize(1);
        Boot.Span kernels = ours.remove(boot.walkedBy("nvme").get(0));
        assertThat(boot.when("scenario: hook has ended with 0").orElseThrow())
                .as("the hook does not wait for what is in flight")
                .isLessThan(
                        ours.values().stream().mapToDouble(Boot.Span::to).min().orElseThrow());
        assertThat(ours.values())
                .allSatisfy(span -> assertThat(span.overlaps(kernels)).isTrue());
        double hooks = boot.when("scenario: hooks begin").orElseThrow();
        double restart = boot.when("reboot: Restarting system").orElseThrow();
        double end = ours.values().stream().mapToDouble(Boot.Span::to).max().orElseThrow();
        report(
                "hooks to restart %.2f s, of which the hook %.2f s; one after the other it would have been %.2f s",
                restart - hooks,
                boot.when("scenario: hook has ended").orElseThrow() - hooks,
                end - hooks + kernels.length());
        assertThat(restart).isGreaterThan(end);
    }
}
