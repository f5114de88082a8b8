// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.run.Outcomes.whyLeft;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A cancelled shutdown begins nothing more, and restores the devices that went down. */
class CancelledDevicesTest extends LockstepRunTest {
    @Nested
    class WhenTheShutdownIsCancelled {
        @Test
        void devicesThatWentDownAreRestoredAndOthersAreLeftAlone() {
            nvme(FIRST, SECOND);
            nvme(SECOND_DRIVE, Duration.ofSeconds(4));
            builder.inUse(nvme("0000:03:00.0", SECOND), "mounted on /srv");

            Timeline timeline = early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done && event.device().name().equals(FIRST)) {
                    run.cancel();
                }
            });

            assertThat(events)
                    .filteredOn(Event.Restored.class::isInstance)
                    .extracting(event -> event.device().name())
                    .as("also the one that was in flight, once it was down")
                    .containsExactlyInAnyOrder(FIRST, SECOND_DRIVE);
            assertThat(kernel.readTree().devices())
                    .filteredOn(device -> device.driver().isPresent())
                    .allMatch(kernel.drivers()::isBound);
            assertThat(whyLeft(timeline, "0000:03:00.0")).isInstanceOf(Reason.Cancelled.class);
            assertThat(kernel.hasExpeditedGracePeriods()).isFalse();
        }

        @Test
        void nextShutdownWaitsTenSecondsForDevicesInFlight() {
            nvme(FIRST, SECOND);
            nvme(SECOND_DRIVE, Duration.ofSeconds(40));

            Timeline timeline = early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done) {
                    run.cancel();
                    run.hurry();
                }
            });

            assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(11));
            assertThat(events).filteredOn(Event.Restored.class::isInstance).hasSize(1);
            assertThat(events)
                    .filteredOn(Event.NotRestored.class::isInstance)
                    .extracting(event -> event.device().name() + ": " + ((Event.NotRestored) event).detail())
                    .containsExactly(SECOND_DRIVE + ": its driver is still being taken away");
        }

        @Test
        void deviceBeingPreparedKeepsItsDriver() {
            nvme(FIRST, SECOND);
            builder.fault(nvme(SECOND_DRIVE, SECOND), Fault.FLUSH_HANGS);

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done) {
                    run.cancel();
                }
            });
            time.awaitAllOthers();

            assertThat(operations(Kind.UNBIND)).containsExactly(FIRST);
        }

        private Timeline earlyAndCancelOnceTheFirstIsDown() {
            return early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done && event.device().name().equals(FIRST)) {
                    run.cancel();
                }
            });
        }

        private List<String> restored() {
            return events.stream()
                    .filter(Event.Restored.class::isInstance)
                    .map(event -> event.device().name() + " at "
                            + Duration.ofNanos(event.at()).toSeconds() + " s")
                    .toList();
        }

        @Test
        void hungFlushDelaysNoRestoration() {
            nvme(FIRST, SECOND);
            builder.fault(nvme(SECOND_DRIVE, SECOND), Fault.FLUSH_HANGS);

            Timeline timeline = earlyAndCancelOnceTheFirstIsDown();

            assertThat(restored()).containsExactly(FIRST + " at 1 s");
            assertThat(timeline.took())
                    .as("nothing was begun that would be awaited")
                    .isEqualTo(SECOND);
            assertThat(whyLeft(timeline, SECOND_DRIVE)).isInstanceOf(Reason.Cancelled.class);
        }

        @Test
        void hungRemovalIsAwaitedForItsTimeAndDelaysNoRestoration() {
            nvme(FIRST, SECOND);
            builder.fault(nvme(SECOND_DRIVE, SECOND), Fault.HANGS);

            Timeline timeline = earlyAndCancelOnceTheFirstIsDown();

            assertThat(restored()).containsExactly(FIRST + " at 1 s");
            assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(100));
            assertThat(whyLeft(timeline, SECOND_DRIVE).describe()).endsWith("still in flight");
            assertThat(events)
                    .filteredOn(Event.NotRestored.class::isInstance)
                    .singleElement()
                    .satisfies(event -> assertThat(((Event.NotRestored) event).detail())
                            .isEqualTo("its driver is still being taken away"));
        }

        @Test
        void removalThatEndsLaterIsUndoneThen() {
            nvme(FIRST, SECOND);
            nvme(SECOND_DRIVE, Duration.ofSeconds(20));

            Timeline timeline = earlyAndCancelOnceTheFirstIsDown();

            assertThat(restored()).containsExactly(FIRST + " at 1 s", SECOND_DRIVE + " at 20 s");
            assertThat(timeline.outcomes()).allMatch(Timeline.Outcome::isDown);
        }

        @Test
        void attributesOfADiskAreRestored() {
            String disk = disk("0:0:0:0");

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done) {
                    run.cancel();
                }
            });

            assertThat(kernel.attributes()
                            .read(
                                    kernel.readTree()
                                            .find(disk + "/scsi_disk/0:0:0:0")
                                            .orElseThrow(),
                                    "manage_start_stop"))
                    .contains("1");
        }

        @Test
        void cancellationInTheLatePhaseIsIgnored() {
            nvme(FIRST, SECOND);

            Timeline timeline = late(ALL, Duration.ofDays(1), attempt -> true, Run::cancel);

            assertThat(timeline.downCount()).isEqualTo(1);
            assertThat(events).noneMatch(Event.Restored.class::isInstance);
        }
    }
}
