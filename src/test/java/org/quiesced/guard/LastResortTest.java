// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.run.Run;
import org.quiesced.shutdown.Verb;

/**
 * A stuck driver forces a restart in the late phase, once its patience is over and no other drive is within its time.
 */
class LastResortTest extends GuardedShutdownTest {
    @Test
    void stuckDriverForcesARestart() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan);
        watchInTheBackground();

        untilDone("restart");
        assertThat(deeds()).containsExactly("sync", "remount read-only", "restart");
        assertThat(sysRq.calls().get(0))
                .isEqualTo("say 0000:01:00.0 (nvme0): the driver is stuck, 30.00s after its time was over; "
                        + "restarting by force");
    }

    @Test
    void lateDriverIsAwaitedWithinThePatience() throws InterruptedException {
        isOverdue(PATIENCE.minusMillis(1));
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void driveWithinItsTimeDelaysTheRestart() throws InterruptedException {
        isOverdue(Duration.ofHours(1));
        Device healthy = plan.tree().devices().stream()
                .filter(device -> device.name().equals("0000:02:00.0"))
                .findFirst()
                .orElseThrow();
        unfinished.add(new Run.Unfinished(healthy, Duration.ofSeconds(-1)));
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();
        assertThat(sysRq.calls()).as("the healthy drive goes down").isEmpty();

        unfinished.remove(1);
        guard.check();
        assertThat(deeds()).as("it is down").contains("restart");
    }

    @Test
    void activeRunDelaysTheRestart() throws InterruptedException {
        isOverdue(Duration.ofHours(1));
        atWork = true;
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();
        assertThat(sysRq.calls()).as("the run is at work").isEmpty();

        atWork = false;
        guard.check();
        assertThat(deeds()).as("it has ended").contains("restart");
    }

    @Test
    void restartNeedsAStuckDriver() throws InterruptedException {
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void driverStuckAfterACancelledShutdownForcesARestartInTheNext() throws InterruptedException {
        guard.begin(Verb.REBOOT, guarded(), plan);
        guard.cancel();
        isOverdue(PATIENCE);
        guard.check();
        assertThat(sysRq.calls()).as("no shutdown is under way").isEmpty();

        guard.watch(plan, List::of, () -> false);
        guard.late(Verb.REBOOT, guarded(), plan);
        guard.check();

        assertThat(deeds()).contains("restart");
    }

    @Test
    void restartIsNotForcedBeforeTheLatePhase() throws InterruptedException {
        isOverdue(PATIENCE.multipliedBy(10));
        guard.begin(Verb.REBOOT, guarded(), plan);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void restartIsNotForcedWhileSystemdEndsProcesses() throws InterruptedException {
        isOverdue(PATIENCE.multipliedBy(10));
        guard.late(Verb.REBOOT, guarded(), plan, Duration.ofHours(1));

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void restartIsForcedWithoutAHookAfterTheTimeOfSystemd() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan, Duration.ofMillis(50));
        watchInTheBackground();

        untilDone("restart");
    }

    @Test
    void patienceCountsOnceTheHookHasStarted() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan, Duration.ofHours(1));
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();

        assertThat(deeds()).endsWith("restart");
    }

    @Test
    void startOfTheHookIsRemembered() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan);
        guard.late(Verb.REBOOT, guarded(), plan, Duration.ofHours(1));

        guard.check();

        assertThat(deeds()).endsWith("restart");
    }

    @Test
    void lastResortCanBeSwitchedOff() throws InterruptedException {
        isOverdue(PATIENCE.multipliedBy(10));
        guard.late(Verb.REBOOT, config(Optional.empty(), Optional.empty()), plan);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void driverLeftStuckByACancelledShutdownForcesARestartInTheNext() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.begin(Verb.REBOOT, guarded(), plan);
        guard.cancel();
        guard.check();
        assertThat(sysRq.calls()).isEmpty();

        guard.late(Verb.REBOOT, guarded(), plan);
        guard.check();

        assertThat(deeds()).endsWith("restart");
    }
}
