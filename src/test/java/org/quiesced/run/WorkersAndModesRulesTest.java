// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.shutdown.Verb;

/**
 * Rules 8 to 10 of ordering, workers, a machine with nothing to do and modes, one nested class each, and the deadline.
 */
class WorkersAndModesRulesTest extends OrderingTest {
    @Nested
    class Rule8WithoutAWorkerADeviceGoesDownInTurnOnTheReservedWorker {
        private Simulated runWithWorkers(int workers) {
            return Simulated.run(
                    builder.build(),
                    RandomMachine.CONFIG,
                    Verb.REBOOT,
                    Duration.ofDays(1),
                    attempt -> attempt < workers);
        }

        @Test
        void devicesGoDownInTurnOnTheReservedWorker() {
            String parent = device("parent", "par");
            device(parent, "child", "par");
            device("other", "par");
            Simulated run = runWithWorkers(0);

            assertThat(run.timeline().downCount()).isEqualTo(3);
            assertThat(run.timeline().took()).isEqualTo(Duration.ofSeconds(3));
            assertThatFirstEndsBeforeSecondStarts(run, "child", "parent");
            assertThat(run.timeline().events())
                    .filteredOn(Event.Started.class::isInstance)
                    .allMatch(event -> ((Event.Started) event).place() == Event.Place.RESERVED);
        }

        @Test
        void startedWorkerIsKept() {
            device("a", "par");
            device("b", "par");
            device("c", "par");
            Simulated run = runWithWorkers(1);

            assertThat(run.timeline().downCount()).isEqualTo(3);
            assertThat(run.timeline().events())
                    .filteredOn(
                            event -> event instanceof Event.Started started && started.place() == Event.Place.WORKER)
                    .hasSize(1);
        }

        @Test
        void parallelDeviceWithoutAWorkerJoinsTheSerialLane() {
            device("a", "par");
            Simulated run = Simulated.run(
                    builder.build(), RandomMachine.CONFIG, Verb.REBOOT, Duration.ofDays(1), attempt -> attempt > 0);

            assertThat(run.timeline().events())
                    .filteredOn(event ->
                            event instanceof Event.Started started && started.place() == Event.Place.SERIAL_LANE)
                    .hasSize(1);
        }
    }

    @Nested
    class Rule9AMachineWithNothingToDoPaysNextToNothing {
        @Test
        void emptyRunStartsNoWorkerAndTakesNoTime() {
            device("a", "ker");
            device("b", "");
            int[] attempts = {0};
            Simulated run = Simulated.run(
                    builder.build(),
                    RandomMachine.CONFIG,
                    Verb.REBOOT,
                    Duration.ofDays(1),
                    attempt -> ++attempts[0] > 0);

            assertThat(attempts[0]).isZero();
            assertThat(run.timeline().took()).isZero();
            assertThat(run.kernel().log().operations()).isEmpty();
        }
    }

    @Nested
    class Rule10TheMode {
        private Machine nvmeMachine() {
            builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
            builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(1));
            device("unsupported", "ker");
            return builder.build();
        }

        private Simulated run(Mode mode, Map<String, Settings> drivers, Map<String, Settings> devices) {
            return Simulated.run(nvmeMachine(), Configs.config(mode, drivers, devices));
        }

        private static Settings shutdown(Settings.Shutdown how) {
            return Configs.settings(how);
        }

        @Test
        void safeRunsOtherDriversOneByOne() {
            assertThat(run(Mode.SAFE, Map.of(), Map.of()).timeline().took()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void safeRunsOptedInDriversInParallel() {
            assertThat(run(Mode.SAFE, Map.of("nvme", shutdown(Settings.Shutdown.PARALLEL)), Map.of())
                            .timeline()
                            .took())
                    .isEqualTo(Duration.ofSeconds(1));
        }

        @Test
        void onRunsAllSupportedDriversInParallel() {
            assertThat(run(Mode.ON, Map.of(), Map.of()).timeline().took()).isEqualTo(Duration.ofSeconds(1));
        }

        @Test
        void onAllowsToOptOut() {
            Simulated run = run(Mode.ON, Map.of(), Map.of("nvme0", shutdown(Settings.Shutdown.KERNEL)));

            assertThat(run.whyLeft("0000:01:00.0")).isEqualTo("opted out");
            assertThat(run.outcome("0000:02:00.0").isDown()).isTrue();
        }

        @Test
        void offTouchesNothing() {
            Simulated run = run(Mode.OFF, Map.of("nvme", shutdown(Settings.Shutdown.PARALLEL)), Map.of());

            assertThat(run.timeline().outcomes()).hasSize(3).noneMatch(Timeline.Outcome::isDown);
            assertThat(run.kernel().log().operations()).isEmpty();
        }
    }

    @Nested
    class EndAtTheDeadline {
        @Test
        void deviceThatEndsAtTheDeadlineIsDown() {
            builder.latency(device("a", "par"), Duration.ofSeconds(10));
            builder.latency(device("b", "par"), Duration.ofSeconds(10));
            Simulated run = Simulated.run(
                    builder.build(), RandomMachine.CONFIG, Verb.REBOOT, Duration.ofSeconds(10), attempt -> attempt < 2);

            assertThat(run.timeline().downCount()).isEqualTo(2);
        }
    }

    @Nested
    class TheDeadline {
        @Test
        void deadlineLeavesDevicesInFlightAndUnstartedDevicesToTheKernel() {
            String parent = device("parent", "par");
            builder.latency(device(parent, "child", "par"), Duration.ofSeconds(20));
            Simulated run = Simulated.run(
                    builder.build(), RandomMachine.CONFIG, Verb.REBOOT, Duration.ofSeconds(5), attempt -> true);

            assertThat(run.timeline().took()).isEqualTo(Duration.ofSeconds(5));
            assertThat(run.whyLeft("child")).isEqualTo("deadline reached, still in flight");
            assertThat(run.whyLeft("parent")).isEqualTo("deadline reached, not started");
        }

        @Test
        void nothingIsStartedAfterTheDeadline() {
            device("a", "ser");
            device("b", "ser");
            device("c", "ser");
            Simulated run = Simulated.run(
                    builder.build(), RandomMachine.CONFIG, Verb.REBOOT, Duration.ofMillis(1500), attempt -> false);

            assertThat(run.kernel().log().operations()).hasSize(2);
            assertThat(run.whyLeft("a")).isEqualTo("deadline reached, not started");
        }

        @Test
        void runWithAPassedDeadlineStartsNothing() {
            device("a", "par");
            Simulated run = Simulated.run(
                    builder.build(), RandomMachine.CONFIG, Verb.REBOOT, Duration.ofSeconds(-1), attempt -> true);

            assertThat(run.kernel().log().operations()).isEmpty();
            assertThat(run.whyLeft("a")).isEqualTo("deadline reached, not started");
        }
    }
}
