// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
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
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.Ending;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A device that was given up stays given up, work that was begun is awaited, and a cancelled shutdown is undone. */
class GivingUpTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());
    private static final Config ONE_BY_ONE = Configs.config(Mode.SAFE, Map.of(), Map.of());
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String FIRST = "0000:01:00.0";
    private static final String SECOND_DRIVE = "0000:02:00.0";

    private final MachineBuilder builder = new MachineBuilder("giving-up");
    private final List<Event> events = new ArrayList<>();
    private final Lockstep time = new Lockstep();
    private SimulatedKernel kernel;
    private Run run;

    @AfterEach
    void settle() {
        time.awaitAllOthers();
    }

    private String nvme(String address, Duration latency) {
        return builder.nvme("/devices/pci0000:00/0000:00:01.0", address, latency);
    }

    private String disk(String address) {
        return builder.scsiDisk("/devices/pci0000:00/0000:00:02.0/host0", address, SECOND);
    }

    private Timeline late(Config config, Duration deadline, IntPredicate workerCanStart, Consumer<Run> meanwhile) {
        Machine machine = builder.build();
        kernel = time.kernel(machine, workerCanStart);
        CheckedRun checked = checked(machine, config);
        run = checked.late(Verb.REBOOT, kernel, deadline, events::add);
        meanwhile.accept(run);
        return checked.execute();
    }

    private Timeline early(Verb verb, BiConsumer<Event, Run> reaction) {
        Machine machine = builder.build();
        kernel = time.kernel(machine);
        AtomicReference<Run> self = new AtomicReference<>();
        CheckedRun checked = checked(machine, ALL);
        run = checked.early(verb, kernel, target -> Optional.empty(), event -> {
            events.add(event);
            reaction.accept(event, self.get());
        });
        self.set(run);
        return checked.execute();
    }

    private CheckedRun checked(Machine machine, Config config) {
        return CheckedRun.of(machine, kernel, Planner.assumingFree(config).plan(machine.tree()), time);
    }

    private List<String> operations(Kind kind) {
        return kernel.log().operations().stream()
                .filter(operation -> operation.kind() == kind)
                .map(Operation::device)
                .map(device -> device.name())
                .toList();
    }

    private Reason whyLeft(Timeline timeline, String device) {
        return timeline.outcomes().stream()
                .filter(outcome -> outcome.device().name().equals(device))
                .findFirst()
                .orElseThrow()
                .leftBecause()
                .orElseThrow();
    }

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
            assertThat(whyLeft(timeline, FIRST).describe()).isEqualTo("not ready after 10.00 s, its driver stays");
            assertThat(whyLeft(timeline, "0:0:0:0").describe()).isEqualTo("not ready after 10.00 s, its driver stays");
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
