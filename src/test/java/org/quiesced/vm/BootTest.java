// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's lines are read from a console that other programs write to as well. */
class BootTest {
    private static Boot console(String... lines) {
        return Boot.of(List.of(lines), List.of());
    }

    @Test
    void lineOfTheKernelIsReadWithItsTime() {
        assertThat(console("[   57.053429] slow_nvme: 0000:01:00.0 notified").log())
                .containsExactly(new Boot.Line(57.053429, "slow_nvme: 0000:01:00.0 notified"));
    }

    @Test
    void terminalControlBeforeALineIsLeftOut() {
        assertThat(console("\u001b[!p\u001b]104\u0007\u001b[?7h[   44.430032] scenario: mode: Enforcing")
                        .log())
                .containsExactly(new Boot.Line(44.430032, "scenario: mode: Enforcing"));
    }

    @Test
    void lineThatInterruptsTheLineOfAProgramIsRead() {
        Boot boot = console(
                "[   57.053429] slow_nvme: 0000:01:00.0 notified",
                "quiesced: waits for 3 of [   58.053811] slow_nvme: 0000:01:00.0 complete",
                "4 drives");
        assertThat(boot.nvmeShutdowns()).containsEntry("0000:01:00.0", new Boot.Span(57.053429, 58.053811));
        assertThat(boot.log()).hasSize(2);
    }

    @Test
    void timeThatALineQuotesIsNoBeginningOfALine() {
        assertThat(console("[   60.000001] scenario: log: [    1.500000] Linux version")
                        .log())
                .containsExactly(new Boot.Line(60.000001, "scenario: log: [    1.500000] Linux version"));
    }

    @Test
    void lineOfAProgramIsNone() {
        assertThat(console("quiesced: waits for [1.5] of 4 drives", "[ OK ] Reached target", "")
                        .log())
                .isEmpty();
    }
}
