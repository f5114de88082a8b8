// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.quiesced.hook.HookLimit;
import org.quiesced.host.simulated.SimulatedSystemState;

/** A request of the hook is answered with progress and an end, and shown on the console. */
class HookRequestsTest extends StartedDaemonTest {
    @Test
    void hookReceivesProgressAndEnd() throws Exception {
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(4));
        start();
        pipe.requests.add("late reboot 4711");

        List<String> lines = pipe.untilEnd();
        assertThat(lines).allMatch(line -> line.startsWith("4711 "));
        assertThat(lines).anyMatch(line -> line.matches("4711 progress 2 of 3 down, 1 to go, .*"));
        assertThat(lines.get(lines.size() - 1)).matches("4711 end 3 of 3 down, 0 to go, .*");
        assertThat(lines.size())
                .as("a sign of life each half a second, or each second on a busy machine")
                .isGreaterThanOrEqualTo(1 + 4);
    }

    @Test
    void runBeginsNothingAfterTheEndOfItsHook() throws Exception {
        text = "mode = \"safe\"\n";
        start();
        pipe.requests.add("late reboot 4711");
        pipe.awaitBegun("4711");
        systemState.end("4711");

        until(() -> !shutdowns.isActive());
        until(() -> !shutdowns.isInFlight());
        assertThat(slowOperations()).as("the serial lane had begun with one").hasSize(1);
        assertThat(pipe.answers).noneMatch(line -> line.contains(" end "));
    }

    @Test
    void timeSpentByTheHookIsDeductedFromTheDeadline() throws Exception {
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMinutes(10));
        systemState.age(HookLimit.USUAL.minusSeconds(6));
        start();
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end \\d of [0-2] down, .*");
    }

    @Test
    void requestOnARunningSystemChangesNothing() throws Exception {
        systemState = new SimulatedSystemState(false);
        start();
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd())
                .containsExactly("4711 end nothing is done: the system is not at the end of a shutdown");
        assertThat(pipe.begun).containsExactly("4711");
        assertThat(shutdowns.isActive()).isFalse();
        assertThat(slowOperations()).isEmpty();
    }

    @Test
    void hookLearnsOfTheFirstDriveInFlightBeforeAnyAnswer() throws Exception {
        start();
        pipe.onAnswer = () -> assertThat(pipe.begun).containsExactly("4711");
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).isNotEmpty();
    }

    @Test
    void consoleShowsAtMostALinePerSecond() throws Exception {
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(3500));
        start();
        long begin = System.nanoTime();
        pipe.requests.add("late reboot 4711");
        pipe.untilEnd();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);

        assertThat(console)
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo((int) seconds)
                .allMatch(line -> line.matches("quiesced: \\d of 3 down, .*"));
    }

    @Test
    void blockedConsoleDelaysNoShutdown() throws Exception {
        shown = line -> LockSupport.park();
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(3500));
        start();
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 3 of 3 down, .*");
    }

    @Test
    void hookIsReleasedAtHandoverWhenNothingIsPending() throws Exception {
        text = "mode = \"on\"\nhandover = true\n";
        start();
        pipe.requests.add("late reboot 4711");

        List<String> lines = pipe.untilEnd();
        assertThat(lines.get(lines.size() - 1)).matches("4711 handover [01] of 2 down, .*");
    }

    @Test
    void malformedRequestChangesNothing() throws Exception {
        start();
        pipe.requests.add("late explode 4711");
        pipe.requests.add("late reboot 4711 initrd");
        pipe.requests.add("early reboot 4711 exitrd");
        pipe.requests.add("");
        pipe.requests.add("late reboot 4712");

        assertThat(pipe.untilEnd()).allMatch(line -> line.startsWith("4712 "));
    }
}
