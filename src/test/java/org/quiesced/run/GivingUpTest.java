// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.run.Outcomes.whyLeft;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A device that was given up stays given up, and work that was begun is awaited. */
class GivingUpTest extends LockstepRunTest {
    private static final Config ONE_BY_ONE = Configs.config(Mode.SAFE, Map.of(), Map.of());

    @Nested
    class AfterTheTimeOfADevice {
        @Test
        void deviceGivenUpDuringItsFlushKeepsItsDriver() {
            builder.fault(nvme(FIRST, SECOND), Fault.FLUSH_HANGS);

            Timeline timeline = late(ALL, Duration.ofDays(1), attempt -> true, run -> {});
            time.awaitAllOthers();

            assertThat(operations(Kind.FLUSH)).isNotEmpty();
            assertThat(operations(Kind.UNBIND)).isEmpty();
            assertThat(whyLeft(timeline, FIRST)).isInstanceOf(Reason.TimedOut.class);
            assertThat(whyLeft(timeline, FIRST).describe()).endsWith("its driver stays");
            assertThat(run.unfinished()).isEmpty();
        }

        @Test
        void hungOpenOfADiskDelaysNoOtherDisk() {
            builder.fault(nvme(FIRST, SECOND), Fault.OPEN_HANGS);
            nvme(SECOND_DRIVE, SECOND);
            builder.fault(disk("0:0:0:0"), Fault.OPEN_HANGS);
            disk("0:0:1:0");

            Timeline timeline = late(ALL, Duration.ofDays(1), attempt -> true, run -> {});
            time.awaitAllOthers();

            assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(10));
            assertThat(operations(Kind.UNBIND)).containsExactlyInAnyOrder(SECOND_DRIVE, "0:0:1:0");
            assertThat(whyLeft(timeline, FIRST).describe()).isEqualTo("not ready after 10.00s, its driver stays");
            assertThat(whyLeft(timeline, "0:0:0:0").describe()).isEqualTo("not ready after 10.00s, its driver stays");
            assertThat(run.unfinished()).isEmpty();
        }

        @Test
        void shortConfiguredTimeDoesNotMakeTheDriverStuckEarlier() {
            nvme(FIRST, Duration.ofSeconds(20));
            Config hurried = Configs.config(
                    Mode.ON,
                    Map.of(
                            "nvme",
                            Configs.settings(
                                    new Settings.Timeout(Optional.of(Duration.ofSeconds(2))),
                                    Settings.Shutdown.PARALLEL)),
                    Map.of());

            Timeline timeline = late(hurried, Duration.ofDays(1), attempt -> true, run -> {});

            assertThat(whyLeft(timeline, FIRST)).isInstanceOf(Reason.TimedOut.class);
            assertThat(run.unfinished()).hasSize(1);
            assertThat(run.unfinished().get(0).overdue()).isNegative();
        }

        @Test
        void removalIsStuckAfterTheWaitsOfTheDriverWithoutTheTimeOfTheFlush() {
            builder.parameter("nvme_core", "io_timeout", "4294967295");
            builder.fault(nvme(FIRST, SECOND), Fault.HANGS);

            late(ALL, Duration.ofSeconds(200), attempt -> true, run -> {});

            assertThat(run.unfinished())
                    .extracting(Run.Unfinished::overdue)
                    .as("60 s for deleting the queues, 5 s for the drive, and 5 s besides")
                    .containsExactly(Duration.ofSeconds(130));
        }

        @Test
        void removalInFlightIsUnfinishedUntilItEnds() {
            builder.fault(nvme(FIRST, SECOND), Fault.HANGS);

            Timeline timeline = late(ALL, Duration.ofDays(1), attempt -> true, run -> {});

            assertThat(whyLeft(timeline, FIRST).describe()).endsWith("still in flight");
            assertThat(run.unfinished()).hasSize(1);
            assertThat(run.unfinished().get(0).overdue()).isGreaterThanOrEqualTo(Duration.ZERO);
            time.awaitAllOthers();
            assertThat(run.unfinished()).isEmpty();
        }
    }

    @Nested
    class ChangesThatDoNotDelayTheWalk {
        @Test
        void notificationByRegistersDelaysTheProcessAndNotTheWalk() {
            builder.nvmeWithoutDriver("/devices/pci0000:00", FIRST, "vfio-pci", Duration.ofSeconds(30));
            nvme(SECOND_DRIVE, Duration.ofSeconds(30));
            Config asked = SteppedRun.config(
                    "vfio-pci", Configs.settings(Settings.Method.NVME_REGISTERS, Settings.Shutdown.PARALLEL));

            late(asked, Duration.ofSeconds(5), attempt -> true, run -> {});

            assertThat(run.delayingWalk())
                    .extracting(change -> change.device().name())
                    .containsExactly(SECOND_DRIVE);
            assertThat(run.unfinished())
                    .extracting(change -> change.device().name())
                    .as("VFIO would reset the controller if this process ended")
                    .containsExactlyInAnyOrder(FIRST, SECOND_DRIVE);
        }
    }

    @Nested
    class ForeignUnbinds {
        @Test
        void foreignUnbindIsAwaitedForTheTimeOfTheDevice() {
            builder.fault(nvme(FIRST, Duration.ofHours(1)), Fault.BEING_UNBOUND);

            Timeline timeline = late(ALL, Duration.ofDays(1), attempt -> true, run -> {});

            assertThat(whyLeft(timeline, FIRST).describe())
                    .startsWith("not down after ")
                    .endsWith("still in flight");
            assertThat(run.unfinished())
                    .as("nothing for which the machine may be brought down by force")
                    .isEmpty();
        }

        @Test
        void foreignUnbindIsNotUndoneAfterACancelledShutdown() {
            builder.fault(nvme(FIRST, Duration.ofSeconds(2)), Fault.BEING_UNBOUND);
            nvme(SECOND_DRIVE, SECOND);

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done && event.device().name().equals(FIRST)) {
                    run.cancel();
                }
            });

            assertThat(events)
                    .filteredOn(event -> event instanceof Event.Restored || event instanceof Event.NotRestored)
                    .extracting(event -> event.device().name())
                    .containsExactly(SECOND_DRIVE);
        }
    }

    @Nested
    class AfterTheDeadline {
        @Test
        void workersBeginNothingAfterTheDeadline() {
            builder.fault(nvme(FIRST, SECOND), Fault.FLUSH_HANGS);
            nvme(SECOND_DRIVE, Duration.ofSeconds(10));

            Timeline timeline = late(ALL, Duration.ofSeconds(5), attempt -> true, run -> {});
            time.awaitAllOthers();

            assertThat(operations(Kind.UNBIND)).containsExactly(SECOND_DRIVE);
            assertThat(whyLeft(timeline, FIRST).describe()).isEqualTo("deadline reached, not started");
            assertThat(whyLeft(timeline, SECOND_DRIVE).describe()).isEqualTo("deadline reached, still in flight");
        }

        @Test
        void deadlineHoldsWithoutThreads() {
            builder.fault(nvme(FIRST, SECOND), Fault.HANGS);
            nvme(SECOND_DRIVE, SECOND);

            Timeline timeline = late(ONE_BY_ONE, Duration.ofSeconds(7), attempt -> false, run -> {});

            assertThat(timeline.took()).isLessThanOrEqualTo(Duration.ofSeconds(7));
        }
    }

    @Nested
    class WithoutThreads {
        @Test
        void deviceThatBlocksTheOnlyWorkerLeavesTheOthersToTheKernel() {
            nvme(FIRST, SECOND);
            builder.fault(nvme(SECOND_DRIVE, SECOND), Fault.HANGS);

            Timeline timeline = late(ONE_BY_ONE, Duration.ofDays(1), attempt -> false, run -> {});

            assertThat(whyLeft(timeline, SECOND_DRIVE)).isInstanceOf(Reason.TimedOut.class);
            assertThat(whyLeft(timeline, FIRST).describe()).contains("the only worker waits for " + SECOND_DRIVE);
        }
    }

    @Nested
    class WhenTheHookHasEnded {
        @Test
        void runEndsAndBeginsNothing() {
            nvme(FIRST, Duration.ofSeconds(10));
            builder.fault(nvme(SECOND_DRIVE, SECOND), Fault.FLUSH_HANGS);

            Timeline timeline = late(ALL, Duration.ofDays(1), attempt -> true, Run::abandon);
            time.awaitAllOthers();

            assertThat(timeline.took()).isZero();
            assertThat(whyLeft(timeline, FIRST).describe()).isEqualTo("the shutdown hook has ended, still in flight");
            assertThat(whyLeft(timeline, SECOND_DRIVE).describe())
                    .isEqualTo("the shutdown hook has ended, not started");
            assertThat(operations(Kind.UNBIND)).containsExactly(FIRST);
        }
    }
}
