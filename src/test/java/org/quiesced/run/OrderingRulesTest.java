// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.shutdown.Verb;

/** The ten rules of ordering, one nested class each. Drivers are named after their configuration: par, ser and ker. */
class OrderingRulesTest {
    private final MachineBuilder builder = new MachineBuilder("rules");

    /** Adds a device whose shutdown takes a second. */
    private String device(String parent, String name, String driver) {
        String path = builder.device(parent, name, "platform", driver);
        builder.latency(path, Duration.ofSeconds(1));
        return path;
    }

    private String device(String name, String driver) {
        return device("/devices", name, driver);
    }

    private Simulated run() {
        return Simulated.run(builder.build(), RandomMachine.CONFIG);
    }

    private static void assertThatFirstEndsBeforeSecondStarts(Simulated run, String first, String second) {
        assertThat(run.span(second)[0])
                .as(second + " starts after " + first + " has ended")
                .isGreaterThanOrEqualTo(run.span(first)[1]);
    }

    @Nested
    class Rule1ADeviceStartsOnlyAfterAllItsDependentsHaveEnded {
        @Test
        void deviceWaitsForItsChildren() {
            String parent = device("parent", "par");
            device(parent, "child", "par");
            Simulated run = run();

            assertThat(run.span("child")).containsExactly(0, 1000);
            assertThat(run.span("parent")).containsExactly(1000, 2000);
        }

        @Test
        void deviceWaitsForItsDescendantsBelowDevicesWithoutDrivers() {
            String top = device("top", "par");
            String middle = device(top, "middle", "");
            String lower = device(middle, "lower", "");
            device(lower, "leaf", "par");

            assertThat(run().span("top")).containsExactly(1000, 2000);
        }

        @Test
        void deviceWaitsForItsConsumers() {
            String supplier = device("supplier", "par");
            String consumer = device("consumer", "par");
            builder.link(consumer, supplier, false);

            assertThat(run().span("supplier")).containsExactly(1000, 2000);
        }

        /** SR-IOV: both functions are siblings on their bus, and the kernel has no device link between them. */
        @Test
        void deviceWaitsForItsVirtualFunctions() {
            String physical = device("physical", "par");
            String virtual = device("virtual", "par");
            builder.virtualFunction(virtual, physical);

            assertThat(run().span("physical")).containsExactly(1000, 2000);
        }

        @Test
        void deviceWaitsForConsumersOfItsChildrenWithoutDrivers() {
            String supplier = device("supplier", "par");
            String part = device(supplier, "part", "");
            String consumer = device("consumer", "par");
            builder.link(consumer, part, false);

            assertThat(run().span("supplier")).containsExactly(1000, 2000);
        }

        @Test
        void deviceWaitsForItsSlowestDependent() {
            String parent = device("parent", "par");
            String slow = device(parent, "slow", "par");
            device(parent, "fast", "par");
            builder.latency(slow, Duration.ofSeconds(7));

            assertThat(run().span("parent")).containsExactly(7000, 8000);
        }
    }

    @Nested
    class Rule2SyncStateOnlyLinksAreNoDependency {
        @Test
        void supplierDoesNotWait() {
            String supplier = device("supplier", "par");
            String consumer = device("consumer", "par");
            builder.link(consumer, supplier, true);

            assertThat(run().span("supplier")).containsExactly(0, 1000);
        }
    }

    @Nested
    class Rule3ParallelDevicesStartTheMomentThatRule1Holds {
        @Test
        void unrelatedDevicesRunAtTheSameTime() {
            device("a", "par");
            device("b", "par");
            Simulated run = run();

            assertThat(run.span("a")).isEqualTo(run.span("b"));
        }

        @Test
        void parallelDeviceDoesNotWaitForTheSerialLane() {
            device("serial1", "ser");
            device("serial2", "ser");
            device("parallel", "par");

            assertThat(run().span("parallel")).containsExactly(0, 1000);
        }
    }

    @Nested
    class Rule4SerialDevicesGoOneAtATimeInAFixedOrder {
        @Test
        void deepestDeviceGoesFirstThenTheLastDiscovered() {
            device("shallow1", "ser");
            device("shallow2", "ser");
            String parent = device("parent", "");
            device(parent, "deep", "ser");
            Simulated run = run();

            assertThat(run.span("deep")).containsExactly(0, 1000);
            assertThat(run.span("shallow2")).containsExactly(1000, 2000);
            assertThat(run.span("shallow1")).containsExactly(2000, 3000);
        }

        @Test
        void laneNeverBlocksBehindABlockedDevice() {
            String first = device("first", "");
            String blocked = device(first, "blocked", "ser");
            String slow = device(blocked, "slow", "par");
            builder.latency(slow, Duration.ofSeconds(10));
            device("ready", "ser");
            Simulated run = run();

            assertThat(run.span("ready")).containsExactly(0, 1000);
            assertThat(run.span("blocked")).containsExactly(10_000, 11_000);
        }
    }

    @Nested
    class Rule5Rule1HoldsForEveryMix {
        @Test
        void serialChildPrecedesItsParallelParent() {
            String parent = device("parent", "par");
            device(parent, "child", "ser");

            assertThatFirstEndsBeforeSecondStarts(run(), "child", "parent");
        }

        @Test
        void parallelChildPrecedesItsSerialParent() {
            String parent = device("parent", "ser");
            device(parent, "child", "par");

            assertThatFirstEndsBeforeSecondStarts(run(), "child", "parent");
        }

        @Test
        void consumerOnAnotherBusPrecedesItsSupplier() {
            String supplier = builder.device("/devices", "supplier", "platform", "ser");
            String consumer = builder.device("/devices", "consumer", "pci", "par");
            builder.latency(supplier, Duration.ofSeconds(1)).latency(consumer, Duration.ofSeconds(1));
            builder.link(consumer, supplier, false);

            assertThatFirstEndsBeforeSecondStarts(run(), "consumer", "supplier");
        }

        @Test
        void mixedChainsKeepTheOrder() {
            String top = device("top", "ser");
            String middle = device(top, "middle", "par");
            device(middle, "leaf", "ser");
            String other = device("other", "par");
            builder.link(top, other, false);
            Simulated run = run();

            assertThatFirstEndsBeforeSecondStarts(run, "leaf", "middle");
            assertThatFirstEndsBeforeSecondStarts(run, "middle", "top");
            assertThatFirstEndsBeforeSecondStarts(run, "top", "other");
        }
    }

    @Nested
    class Rule6WhatCannotBeHandledIsLeftToTheKernelWithAllThatItDependsOn {
        @Test
        void unhandledChildHoldsBackItsAncestors() {
            String top = device("top", "par");
            String middle = device(top, "middle", "");
            String parent = device(middle, "parent", "par");
            device(parent, "child", "ker");
            device(parent, "sibling", "par");
            Simulated run = run();

            assertThat(run.whyLeft("child")).isEqualTo("no method for driver ker");
            assertThat(run.whyLeft("parent")).isEqualTo("held back by child");
            assertThat(run.whyLeft("top")).isEqualTo("held back by child");
            assertThat(run.outcome("sibling").isDown()).isTrue();
            assertThat(run.kernel().log().operations()).hasSize(1);
        }

        @Test
        void unhandledConsumerHoldsBackItsSuppliersAndTheirAncestors() {
            String bridge = device("bridge", "par");
            String supplier = device(bridge, "supplier", "par");
            builder.link(device("consumer", "ker"), supplier, false);
            Simulated run = run();

            assertThat(run.whyLeft("supplier")).isEqualTo("held back by consumer");
            assertThat(run.whyLeft("bridge")).isEqualTo("held back by consumer");
        }

        @Test
        void unhandledVirtualFunctionHoldsBackItsPhysicalFunction() {
            String bridge = device("bridge", "par");
            String physical = device(bridge, "physical", "par");
            String virtual = device("virtual", "ker");
            builder.virtualFunction(virtual, physical);
            Simulated run = run();

            assertThat(run.whyLeft("physical")).isEqualTo("held back by virtual");
            assertThat(run.whyLeft("bridge")).isEqualTo("held back by virtual");
            assertThat(run.kernel().log().operations()).isEmpty();
        }

        @Test
        void failedDeviceHoldsBackItsDependencies() {
            String parent = device("parent", "par");
            builder.fault(device(parent, "child", "par"), Fault.UNBIND_FAILS);
            Simulated run = run();

            assertThat(run.whyLeft("child")).startsWith("failed: ");
            assertThat(run.whyLeft("parent")).isEqualTo("held back by child");
            assertThat(run.timeline().events()).anyMatch(Event.Failed.class::isInstance);
        }

        @Test
        void timedOutDeviceHoldsBackOnlyItsDependencies() {
            String parent = device("parent", "par");
            builder.fault(device(parent, "child", "par"), Fault.HANGS);
            device("other", "ser");
            Simulated run = run();

            assertThat(run.whyLeft("child")).isEqualTo("not down after 30.00 s, still in flight");
            assertThat(run.whyLeft("parent")).isEqualTo("held back by child");
            assertThat(run.outcome("other").isDown()).isTrue();
        }

        @Test
        void hungDeviceDoesNotBlockTheSerialLane() {
            device("after", "ser");
            builder.fault(device("hanging", "ser"), Fault.HANGS);

            assertThat(run().span("after")).containsExactly(30_000, 31_000);
        }

        @Test
        void deviceInUseHoldsBackItsDependencies() {
            String port = device("port", "par");
            String drive = builder.nvme(port, "0000:01:00.0", Duration.ofSeconds(1));
            builder.inUse(drive, "mounted on /");
            Simulated run = run();

            assertThat(run.whyLeft("0000:01:00.0")).isEqualTo("nvme0n1 is in use: mounted on /");
            assertThat(run.whyLeft("port")).isEqualTo("nvme0n1 is in use: mounted on /");
        }

        @Test
        void driveMountedAfterThePlanIsNotTouched() {
            String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
            builder.fault(drive + "/nvme/nvme0/nvme0n1", Fault.MOUNTED_MEANWHILE);
            Simulated run = Simulated.run(builder.build(), Configs.config(Mode.ON, Map.of(), Map.of()));

            assertThat(run.whyLeft("0000:01:00.0")).isEqualTo("nvme0n1 is in use: mounted on /meanwhile");
            assertThat(run.kernel().log().operations()).isEmpty();
        }

        @Test
        void optedOutDeviceHoldsBackItsDependencies() {
            String parent = device("parent", "par");
            device(parent, "child", "par");
            Settings optedOut = Configs.settings(Settings.Shutdown.KERNEL);
            Config config = Configs.config(Mode.SAFE, RandomMachine.CONFIG.drivers(), Map.of("chil?", optedOut));
            Simulated run = Simulated.run(builder.build(), config);

            assertThat(run.whyLeft("child")).isEqualTo("opted out");
            assertThat(run.whyLeft("parent")).isEqualTo("held back by child");
        }
    }

    @Nested
    class Rule7ACycleNeverHangsOrThrows {
        @Test
        void cycleIsLeftToTheKernelWithAWarning() {
            String a = device("a", "par");
            String b = device("b", "ser");
            String c = device("c", "par");
            builder.link(a, b, false).link(b, c, false).link(c, a, false);
            device("bystander", "par");
            Simulated run = run();

            assertThat(run.whyLeft("a")).isEqualTo("circular dependency among a, b, c");
            assertThat(run.whyLeft("c")).isEqualTo("circular dependency among a, b, c");
            assertThat(run.plan().warnings()).singleElement().asString().contains("/devices/a, /devices/b, /devices/c");
            assertThat(run.outcome("bystander").isDown()).isTrue();
        }

        @Test
        void dependencyOfACycleIsHeldBack() {
            String parent = device("parent", "par");
            String a = device(parent, "a", "par");
            String b = device("b", "par");
            builder.link(a, b, false).link(b, a, false);

            assertThat(run().whyLeft("parent")).startsWith("held back by ");
        }

        @Test
        void cycleIsBrokenAtSyncStateOnlyLinks() {
            String a = device("a", "par");
            String b = device("b", "par");
            builder.link(a, b, false).link(b, a, true);
            Simulated run = run();

            assertThat(run.plan().warnings()).isEmpty();
            assertThatFirstEndsBeforeSecondStarts(run, "a", "b");
        }

        @Test
        void parentThatConsumesItsChildIsACycle() {
            String parent = device("parent", "par");
            String middle = device(parent, "middle", "");
            String child = device(middle, "child", "par");
            builder.link(parent, child, false);
            Simulated run = run();

            assertThat(run.whyLeft("parent")).isEqualTo("circular dependency among parent, middle, child");
            assertThat(run.whyLeft("child")).isEqualTo("circular dependency among parent, middle, child");
        }

        @Test
        void deviceThatConsumesItselfIsACycle() {
            String a = device("a", "par");
            builder.link(a, a, false);

            assertThat(run().whyLeft("a")).isEqualTo("circular dependency among a");
        }
    }

    @Nested
    class Rule8AWorkerThatCannotBeStartedMeansInlineInOrder {
        private Simulated runWithWorkers(int workers) {
            return Simulated.run(
                    builder.build(),
                    RandomMachine.CONFIG,
                    Verb.REBOOT,
                    Duration.ofDays(1),
                    attempt -> attempt < workers);
        }

        @Test
        void devicesGoDownInlineInOrderWithoutWorkers() {
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

    @Test
    void eventsOfADeviceAreInOrder() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        List<Event> events = Simulated.run(builder.build(), Configs.config(Mode.ON, Map.of(), Map.of()))
                .timeline()
                .events();

        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Planned", "Started", "Flushed", "Unbinding", "Done");
        assertThat(events).extracting(Event::at).containsExactly(0L, 0L, 0L, 0L, 1_000_000_000L);
    }
}
