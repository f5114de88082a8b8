// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.invariants.PlantedViolation;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.method.Ending;
import org.quiesced.shutdown.Verb;

/** A disk is stopped once its unbind in flight has ended, and when a restart has become a power-off. */
class DiskStopTest extends LockstepRunTest {
    @Nested
    class StopAfterAnUnbindInFlight {
        private void powerOff(Config config, Duration deadline, Consumer<Event> reaction) {
            builder.fault(disk("0:0:0:0"), Fault.HANGS);
            Machine machine = builder.build();
            kernel = time.kernel(machine);
            CheckedRun checked = checked(machine, config);
            run = checked.late(Verb.POWEROFF, kernel, deadline, reaction);
            checked.execute();
            time.awaitAllOthers();
        }

        @Test
        void stopIsDoneAfterTheDeadline() {
            powerOff(ALL, SECOND.multipliedBy(5), event -> {});

            assertThat(operations(Kind.UNBIND)).containsExactly("0:0:0:0");
            assertThat(operations(Kind.STOP)).containsExactly("0:0:0:0");
        }

        @Test
        void stopIsDoneAfterTheTimeOfTheDisk() {
            Settings brief = Configs.settings(
                    new Settings.Timeout(Optional.of(Duration.ofSeconds(2))), Settings.Shutdown.PARALLEL);
            powerOff(Configs.config(Mode.ON, Map.of("sd", brief), Map.of()), Duration.ofDays(1), event -> {});

            assertThat(operations(Kind.STOP)).containsExactly("0:0:0:0");
        }

        @Test
        void stopIsNotDoneAfterTheEndOfTheHook() {
            powerOff(ALL, Duration.ofDays(1), event -> {
                if (event instanceof Event.Unbinding) {
                    run.abandon();
                }
            });

            assertThat(operations(Kind.UNBIND)).containsExactly("0:0:0:0");
            assertThat(operations(Kind.STOP)).isEmpty();
        }

        @Test
        void stopIsNotDoneAfterACancellation() {
            builder.fault(disk("0:0:0:0"), Fault.HANGS);
            early(Verb.POWEROFF, (event, run) -> {
                if (event instanceof Event.Unbinding) {
                    run.cancel();
                }
            });
            time.awaitAllOthers();

            assertThat(operations(Kind.STOP)).isEmpty();
        }
    }

    @Nested
    class EventOfTheStop {
        private List<String> kinds() {
            return events.stream()
                    .filter(event -> !(event instanceof Event.Planned))
                    .map(event -> event.getClass().getSimpleName())
                    .toList();
        }

        @Test
        void stopBeginsBetweenTheUnbindAndTheEnd() {
            disk("0:0:0:0");

            early(Verb.POWEROFF, (event, run) -> {});

            assertThat(kinds()).containsSubsequence("Unbinding", "Stopping", "Done");
        }

        @Test
        void diskThatIsNotStoppedHasNone() {
            disk("0:0:0:0");

            early(Verb.REBOOT, (event, run) -> {});

            assertThat(kinds()).contains("Done").doesNotContain("Stopping");
        }

        @Test
        void stopForALaterVerbFollowsTheEnd() {
            disk("0:0:0:0");

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done) {
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(kinds()).containsSubsequence("Unbinding", "Done", "Stopping", "Finished");
        }
    }

    @Nested
    class WhenTheVerbChanges {
        @Test
        void disksDownForARestartAreStoppedForAPowerOff() {
            disk("0:0:0:0");

            Timeline timeline = restartThatBecomesAPowerOff();

            assertThat(operations(Kind.STOP)).containsExactly("0:0:0:0");
            assertThat(timeline.downCount()).isEqualTo(1);
            assertThat(events).anyMatch(Event.Finished.class::isInstance);
        }

        private Timeline restartThatBecomesAPowerOff() {
            return early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done) {
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });
        }

        @Test
        void diskWhoseStopFailsIsDown() {
            builder.fault(disk("0:0:0:0"), Fault.STOP_FAILS);

            restartThatBecomesAPowerOff();

            assertThat(events).noneMatch(Event.LeftToKernel.class::isInstance);
            assertThat(events)
                    .filteredOn(Event.Finished.class::isInstance)
                    .extracting(event -> ((Event.Finished) event).ending())
                    .hasOnlyElementsOfType(Ending.NotStopped.class)
                    .hasSize(1);
        }

        @Test
        void diskWhoseStopTimesOutIsDown() {
            builder.latency(disk("0:0:0:0"), Duration.ofHours(1));

            restartThatBecomesAPowerOff();

            assertThat(events).noneMatch(Event.LeftToKernel.class::isInstance);
            assertThat(events).filteredOn(Event.Finished.class::isInstance).hasSize(1);
        }

        @Test
        void laterStopReportsNoUnbinding() {
            disk("0:0:0:0");

            restartThatBecomesAPowerOff();

            assertThat(events).filteredOn(Event.Unbinding.class::isInstance).hasSize(1);
        }

        @Test
        void diskWithItsAdapterInFlightIsNotStopped() {
            String adapter = builder.device("/devices/pci0000:00", "0000:03:00.0", "pci", "nvme");
            builder.classDevice(adapter + "/nvme/nvme9", "nvme", Map.of("state", "live"));
            builder.scsiDisk(adapter + "/host9", "9:0:0:0", SECOND);

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Unbinding && event.device().path().equals(adapter)) {
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(operations(Kind.UNBIND)).containsExactly("9:0:0:0", "0000:03:00.0");
            assertThat(operations(Kind.STOP)).isEmpty();
        }

        @Test
        void diskInFlightAtTheChangeIsStopped() {
            disk("0:0:0:0");

            Timeline timeline = early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Unbinding) {
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(operations(Kind.STOP)).containsExactly("0:0:0:0");
            assertThat(timeline.downCount()).isEqualTo(1);
        }

        @Test
        @PlantedViolation(
                reason = "Somebody else binds the driver again.",
                rules = {"a disk that stays is as it was", "what is said to be down has no driver"})
        void diskBoundAgainIsNotStopped() {
            disk("0:0:0:0");

            Timeline timeline = early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Done) {
                    bindAgain(event.device());
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(operations(Kind.STOP)).isEmpty();
            assertThat(timeline.outcomes().get(0).shortcoming())
                    .contains("down, but not stopped: it has its driver again");
        }

        private void bindAgain(Device device) {
            try {
                kernel.drivers().bind(device);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void set(String disk, String value) {
            try {
                Device scsiDisk =
                        kernel.readTree().find(disk + "/scsi_disk/0:0:0:0").orElseThrow();
                kernel.attributes().write(scsiDisk, "manage_start_stop", value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void currentAttributesDecideAboutTheStopAndNotThePlan() {
            String path = disk("0:0:0:0");
            builder.attribute(path + "/scsi_disk/0:0:0:0", "manage_start_stop", "0");

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Planned) {
                    set(path, "1");
                } else if (event instanceof Event.Done) {
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(operations(Kind.STOP)).containsExactly("0:0:0:0");
        }

        @Test
        void currentAttributesDecideAboutTheStopOfADiskInFlight() {
            String path = disk("0:0:0:0");
            builder.attribute(path + "/scsi_disk/0:0:0:0", "manage_start_stop", "0");

            early(Verb.REBOOT, (event, run) -> {
                if (event instanceof Event.Planned) {
                    set(path, "1");
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(operations(Kind.STOP)).containsExactly("0:0:0:0");
        }

        @Test
        void stoppedDisksAreNotStoppedAgain() {
            disk("0:0:0:0");

            early(Verb.POWEROFF, (event, run) -> {
                if (event instanceof Event.Done) {
                    run.late(Verb.POWEROFF, Duration.ofSeconds(80));
                }
            });

            assertThat(operations(Kind.STOP)).hasSize(1);
        }
    }
}
