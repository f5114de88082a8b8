// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;

/** Rules 1 to 5 of ordering, dependents first in each lane, one nested class each; and the events of a device. */
class OrderingRulesTest extends OrderingTest {
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
