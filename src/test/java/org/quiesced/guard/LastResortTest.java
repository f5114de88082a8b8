// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Early;
import org.quiesced.config.Mode;
import org.quiesced.config.Root;
import org.quiesced.device.Device;
import org.quiesced.host.SysRq;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.Run;
import org.quiesced.shutdown.Verb;

class LastResortTest {
    private static final ForcedEnd.Waits SHORT =
            new ForcedEnd.Waits(Duration.ofSeconds(5), Duration.ZERO, Duration.ofMillis(300), Duration.ZERO);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MachineBuilder builder = new MachineBuilder("two drives");
    private final SimulatedSysRq sysRq = new SimulatedSysRq();
    private final List<Run.Unfinished> unfinished = new ArrayList<>();
    private boolean atWork;
    private boolean isUp;
    private SimulatedKernel kernel;
    private Plan plan;
    private LastResort guard;
    private Device stuck;

    @BeforeEach
    void twoDrives() {
        String first = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);
        kernel = SimulatedKernel.inRealTime(builder.build());
        plan = Planner.assumingFree(Config.DEFAULT).plan(kernel.readTree());
        stuck = plan.tree().find(first).orElseThrow();
        guard = new LastResort(new ForcedEnd(kernel, kernel.workers(), sysRq, SHORT), () -> isUp, Duration.ofMillis(1));
        guard.watch(plan, () -> List.copyOf(unfinished), () -> atWork);
    }

    private static Config config(Optional<Duration> lastResort, Optional<Duration> limit) {
        return new Config(
                Mode.SAFE,
                Config.DEFAULT_DEADLINE,
                Optional.empty(),
                Early.RELEASED,
                Root.AUTO,
                Set.of(),
                lastResort,
                limit,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    private static Config guarded() {
        return config(Optional.of(PATIENCE), Optional.empty());
    }

    private static Config limited(Duration limit) {
        return config(Optional.empty(), Optional.of(limit));
    }

    private void isOverdue(Duration since) {
        unfinished.clear();
        unfinished.add(new Run.Unfinished(stuck, since));
    }

    private List<String> deeds() {
        return sysRq.calls().stream().filter(call -> !call.startsWith("say ")).toList();
    }

    private void watchInTheBackground() {
        new Threads(() -> false).start("guard", guard::serve);
    }

    private void untilDone(String deed) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!deeds().contains(deed)) {
            assertThat(System.nanoTime()).as("never: " + deed).isLessThan(end);
            Thread.sleep(2);
        }
    }

    @Test
    void stuckDriverForcesARestart() throws InterruptedException {
        isOverdue(PATIENCE);
        guard.late(Verb.REBOOT, guarded(), plan);
        watchInTheBackground();

        untilDone("restart");
        assertThat(deeds()).containsExactly("sync", "remount read-only", "restart");
        assertThat(sysRq.calls().get(0))
                .isEqualTo("say 0000:01:00.0 (nvme0): the driver is stuck, 30.00 s after its time was over; "
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

    @Test
    void limitCountsFromTheFirstRequest() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(50)), plan);
        guard.check();
        assertThat(sysRq.calls()).isEmpty();
        Thread.sleep(60);
        // A later phase does not restart the limit.
        guard.late(Verb.REBOOT, limited(Duration.ofMillis(50)), plan);

        guard.check();

        assertThat(deeds()).containsExactly("sync", "remount read-only", "restart");
        assertThat(sysRq.calls().get(0)).isEqualTo("say the shutdown has not ended within 50 ms; restarting by force");
    }

    @Test
    void limitHoldsWithoutARun() throws InterruptedException {
        guard.begin(Verb.POWEROFF, limited(Duration.ofMillis(1)), plan);
        watchInTheBackground();

        untilDone("power off");
    }

    @Test
    void limitEndsWithACancelledShutdown() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(1)), plan);
        guard.cancel();
        Thread.sleep(5);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void limitForcesNothingWhileTheSystemManagerIsUp() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(1)), plan);
        Thread.sleep(5);
        isUp = true;

        guard.check();
        assertThat(sysRq.calls()).isEmpty();

        isUp = false;
        guard.check();
        assertThat(deeds()).endsWith("restart");
    }

    @Test
    void limitOfTheNextShutdownCountsFromItsOwnRequest() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(1)), plan);
        guard.cancel();
        Thread.sleep(5);
        guard.begin(Verb.REBOOT, limited(Duration.ofHours(1)), plan);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
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
        ForcedEnd.Waits hasty =
                new ForcedEnd.Waits(Duration.ofMillis(10), Duration.ZERO, Duration.ofMillis(10), Duration.ofMillis(10));
        guard = new LastResort(
                new ForcedEnd(kernel, kernel.workers(), new Hanging(), hasty), () -> isUp, Duration.ofMillis(1));
        guard.watch(plan, () -> List.of(new Run.Unfinished(stuck, PATIENCE)), () -> false);
        guard.late(Verb.POWEROFF, guarded(), plan);

        guard.check();

        assertThat(deeds()).containsExactly("restart");
    }
}
