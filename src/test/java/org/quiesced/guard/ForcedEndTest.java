// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.quiesced.host.SysRq;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.run.Run;
import org.quiesced.shutdown.Verb;

/** The forced end flushes drives, syncs, and ends the shutdown by its verb; no hung step holds the restart up. */
class ForcedEndTest extends GuardedShutdownTest {
    @Test
    void hungPowerOffBecomesARestart() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.POWEROFF, guarded(), plan);

        guard.check();

        assertThat(deeds()).containsExactly("sync", "remount read-only", "power off", "restart");
        assertThat(sysRq.calls()).contains("say the power-off hangs too; restarting by force");
    }

    @Test
    void kexecBecomesARestartThroughTheFirmware() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.KEXEC, guarded(), plan);

        guard.check();

        assertThat(deeds()).endsWith("restart");
        assertThat(sysRq.calls().get(0)).endsWith("restarting by force, through the firmware");
    }

    @Test
    void haltSyncsAndLeavesTheMachineOn() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.HALT, guarded(), plan);

        guard.check();
        guard.check();

        assertThat(deeds()).as("once").containsExactly("sync", "remount read-only");
    }

    @Test
    void verbOfTheLatePhaseCounts() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.begin(Verb.REBOOT, guarded(), plan);
        guard.late(Verb.POWEROFF, guarded(), plan);

        guard.check();

        assertThat(deeds()).contains("power off");
    }

    @Test
    void drivesWithADriverAreFlushedFirst() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();

        assertThat(kernel.log().operations())
                .extracting(OperationLog.Operation::kind)
                .containsExactly(OperationLog.Kind.FLUSH);
        assertThat(kernel.log().operations().get(0).device().path()).contains("0000:02:00.0");
    }

    @Test
    void removalThatEndsDuringTheFlushesCancelsTheRestart() throws InterruptedException {
        Supplier<List<Run.Unfinished>> endsAfterTheFlush =
                () -> kernel.log().operations().isEmpty() ? List.of(new Run.Unfinished(stuck, PATIENCE)) : List.of();
        guard.watch(plan, endsAfterTheFlush, () -> false);
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();
        guard.check();

        assertThat(deeds()).containsExactly("sync", "remount read-only");
        assertThat(sysRq.calls()).endsWith("say it has ended after all");
    }

    /** The amount as seen at the end tells how long the guard has waited. */
    private long unwrittenAtTheRestart(Long... amounts) throws InterruptedException {
        sysRq.holdsUnwritten(amounts);

        guard.check();

        assertThat(deeds()).endsWith("restart");
        return sysRq.unwritten().orElseThrow();
    }

    @Test
    void restartWaitsForDirtyMemoryAsLongAsItFalls() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan);

        assertThat(unwrittenAtTheRestart(9L, 8L, 8L, 8L, 5L, 3L, 1L, 0L)).isZero();
    }

    @Test
    void restartDoesNotWaitForDirtyMemoryThatDoesNotFall() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan);

        assertThat(unwrittenAtTheRestart(9L, 8L)).isEqualTo(8);
    }

    @Test
    void restartDoesNotWaitForDirtyMemoryAfterTheLimitOfTheShutdown() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, config(Optional.of(PATIENCE), Optional.of(Duration.ZERO)), plan);

        assertThat(unwrittenAtTheRestart(9L, 0L)).isEqualTo(9);
    }

    @Test
    void restartIsForcedWithoutWorkers() throws InterruptedException {
        SimulatedKernel withoutWorkers = new SimulatedKernel(builder.build(), time -> {}, attempt -> false);
        guard = new LastResort(
                new ForcedEnd(withoutWorkers, withoutWorkers.workers(), sysRq, SHORT),
                () -> isUp,
                Duration.ofMillis(1));
        guard.watch(plan, () -> List.of(new Run.Unfinished(stuck, PATIENCE)), () -> false);
        guard.late(Verb.REBOOT, guarded(), plan);

        guard.check();

        assertThat(sysRq.calls()).containsExactly("restart");
    }

    /** A kernel in which all requests but the restart hang. */
    private final class Hanging implements SysRq {
        @Override
        public OptionalLong unwritten() {
            return OptionalLong.empty();
        }

        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public void say(String line) {
            sync();
        }

        @Override
        public void sync() {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void remountReadOnly() {
            sync();
        }

        @Override
        public void restart() {
            sysRq.restart();
        }

        @Override
        public void powerOff() {
            sync();
        }
    }

    @Test
    void restartDoesNotWaitForHungSteps() throws InterruptedException {
        ForcedEnd.Waits hasty = new ForcedEnd.Waits(
                Duration.ofMillis(10), Duration.ZERO, Duration.ZERO, Duration.ofMillis(10), Duration.ofMillis(10));
        guard = new LastResort(
                new ForcedEnd(kernel, kernel.workers(), new Hanging(), hasty), () -> isUp, Duration.ofMillis(1));
        guard.watch(plan, () -> List.of(new Run.Unfinished(stuck, PATIENCE)), () -> false);
        guard.late(Verb.POWEROFF, guarded(), plan);

        guard.check();

        assertThat(deeds()).containsExactly("restart");
    }
}
