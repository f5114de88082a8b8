// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.guard.Guard;
import org.quiesced.host.SystemManager;
import org.quiesced.host.SystemManager.State;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/** A cancelled shutdown is undone, and its limits end with it. */
@Timeout(60)
class CancelledShutdownTest extends GuardedDaemonTest {
    @Test
    void cancelledShutdownRestoresTheFormerState() throws Exception {
        start();
        systemd.is(State.STOPPING);
        Snapshot before = daemon.current();
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        assertThat(shutdowns.isActive()).isTrue();

        systemd.is(State.UP);

        until(() -> remark().isPresent());
        assertThat(bound()).as("drives that are bound again").isEqualTo(2);
        assertThat(remark().orElseThrow())
                .matches("the shutdown of \\d\\d:\\d\\d UTC was cancelled; 2 drives were bound again");
        assertThat(kernel.hasExpeditedGracePeriods()).isFalse();
        assertThat(log.switches()).as("beginning and end of the log").containsExactly("begin", "end");
        until(() -> !shutdowns.isActive() && daemon.current().ready() != before.ready());
        until(() -> told.get(told.size() - 1).endsWith("2 drives were bound again"));
        assertThat(systemd.started())
                .containsExactly(
                        "quiesced-stopping.service",
                        "quiesced-network.service",
                        "quiesced-early.service",
                        "quiesced-exitrd.service",
                        "quiesced-release.service",
                        "quiesced-record.service");
    }

    @Test
    void shutdownAfterACancelledOneShutsDrivesDown() throws Exception {
        cancelledShutdownRestoresTheFormerState();
        systemd.is(State.STOPPING);

        shutdowns.late(Verb.REBOOT, hook(), false);

        until(() -> !answers.isEmpty() && answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
        assertThat(bound()).isZero();
    }

    @Test
    void driveInFlightIsAwaitedAndBoundAgain() throws Exception {
        start();
        systemd.is(State.UP);
        shutdowns.early(Verb.REBOOT);

        until(() -> remark().isPresent());

        assertThat(bound()).isEqualTo(2);
    }

    private static List<List<State>> answersThatAreNotClear() {
        return List.of(List.of(State.UP, State.STOPPING, State.UP, State.UNKNOWN), List.of(State.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNotClear")
    void cancellationNeedsTwoConsecutiveClearAnswers(List<State> answers) throws Exception {
        List<State> given = new CopyOnWriteArrayList<>();
        start(new SystemManager() {
            @Override
            public State state() {
                State next = answers.get(given.size() % answers.size());
                given.add(next);
                return next;
            }

            @Override
            public Optional<Verb> verb() {
                return Optional.empty();
            }

            @Override
            public void start(String unit) {}
        });
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        int before = given.size();

        until(() -> given.size() > before + 12);

        assertThat(remark()).isEmpty();
        assertThat(bound()).isZero();
    }

    @Test
    void latePhaseIsNotCancelled() throws Exception {
        start();
        systemd.is(State.STOPPING);
        shutdowns.early(Verb.REBOOT);
        shutdowns.late(Verb.REBOOT, hook(), false);
        systemd.is(State.UP);
        until(() -> bound() == 0);

        Thread.sleep(INTERVAL.multipliedBy(10).toMillis());

        assertThat(remark()).isEmpty();
        assertThat(bound()).isZero();
    }

    @Test
    void limitEndsWithAShutdownCancelledBeforeItsEarlyPhase() throws Exception {
        text += "limit = \"5s\"\n";
        start();
        systemd.is(State.UP);

        shutdowns.stopping(Verb.REBOOT);

        until(() -> remark().isPresent());
        assertThat(remark().orElseThrow()).endsWith("was cancelled; no drive had gone down");
        Thread.sleep(5_300);
        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void limitHoldsForAShutdownThatContinues() throws Exception {
        text += "limit = \"1s\"\n";
        start();
        systemd.is(State.STOPPING);

        shutdowns.stopping(Verb.POWEROFF);

        until(() -> sysRq.calls().contains("power off"));
        assertThat(sysRq.calls().get(0)).startsWith("say the shutdown has not ended within 1.00s");
    }

    @Test
    void guardAllowsSystemdTwiceItsTimeoutToEndProcesses() {
        assertThat(Guard.killing(Optional.of(Duration.ofSeconds(10)))).isEqualTo(Duration.ofSeconds(20));
        assertThat(Guard.killing(Optional.empty())).as("its default").isEqualTo(Duration.ofSeconds(180));
    }

    @Test
    void guardNoticesAStuckDriverWithoutAHook() throws Exception {
        text += "last_resort = \"1s\"\n[driver.slow]\nmethod = \"unbind\"\nshutdown = \"parallel\"\ntimeout = \"1s\"\n";
        builder.fault(builder.device("/devices/pci", "0000:03:00.0", "pci", "slow"), Fault.HANGS);
        start();
        systemd.is(State.STOPPING);
        shutdowns.early(Verb.REBOOT);
        Thread.sleep(2_500);
        assertThat(sysRq.calls()).as("systemd still stops units").isEmpty();

        long end = System.nanoTime();
        atTheEnd.set(true);

        until(() -> sysRq.calls().contains("restart"));
        assertThat(Duration.ofNanos(System.nanoTime() - end))
                .as("systemd may still end processes and unmount")
                .isGreaterThanOrEqualTo(KILLING);
    }
}
