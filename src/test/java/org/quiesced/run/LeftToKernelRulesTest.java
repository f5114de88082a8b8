// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;

/** Rules 6 and 7 of ordering, what is left to the kernel, one nested class each. */
class LeftToKernelRulesTest extends OrderingTest {
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

            assertThat(run.whyLeft("child")).isEqualTo("not down after 30.00s, still in flight");
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
}
