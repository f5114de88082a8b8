// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/** A run that breaks a rule fails its test, whatever the test asserts. */
class CheckedRunsTest {
    private static final String IN_USE = "nothing in use is touched";

    /** Runs a shutdown with a mounted drive, which the run takes down only if it does not see the claims. */
    private static void run(boolean regardsClaims) {
        MachineBuilder builder = new MachineBuilder("planted");
        builder.inUse(builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1)), "mounted on /");
        Machine machine = builder.build();
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Kernel seen = regardsClaims ? kernel : Altered.with(unclaimed(kernel.claims()), kernel);
        CheckedRun run = CheckedRun.of(
                machine,
                kernel,
                Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                        .plan(machine.tree()));
        run.late(Verb.REBOOT, seen, Duration.ofMinutes(1), event -> {});
        run.execute();
    }

    private static BlockClaims unclaimed(BlockClaims claims) {
        return new BlockClaims() {
            @Override
            public Claim claim(Device disk) {
                return () -> {};
            }

            @Override
            public VisibleUsers visibleUsers() {
                return claims.visibleUsers();
            }
        };
    }

    /** Tests that only this class executes: the build does not execute nested classes. */
    static class Examples {
        @Test
        void sound() {
            run(true);
        }

        @Test
        void broken() {
            run(false);
        }

        @Test
        void brokenBesideASoundOne() {
            run(true);
            run(false);
            run(true);
        }

        @Test
        @PlantedViolation(reason = "for the test", rules = IN_USE)
        void brokenOnPurpose() {
            run(false);
        }

        @Test
        @PlantedViolation(reason = "for the test", rules = "no driver stops its disk as it leaves")
        void brokenOtherwiseThanOnPurpose() {
            run(false);
        }

        @Test
        @PlantedViolation(reason = "for the test")
        void soundThoughBrokenOnPurpose() {
            run(true);
        }

        @Test
        void failsByItself() {
            run(false);
            throw new IllegalStateException("by itself");
        }
    }

    /** Properties that only this class executes. */
    static class PropertyExamples {
        @Property(tries = 3)
        void sound(@ForAll int any) {
            run(true);
        }

        @Property(tries = 3)
        void broken(@ForAll int any) {
            run(false);
        }

        @Property(tries = 3)
        @PlantedViolation(reason = "for the test", rules = IN_USE)
        void brokenOnPurpose(@ForAll int any) {
            run(false);
        }
    }

    private static EngineExecutionResults execute(String engine, Class<?> examples, String method, Class<?>... types) {
        return EngineTestKit.engine(engine)
                .selectors(selectMethod(examples, method, types))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .execute();
    }

    private static String failures(String engine, Class<?> examples, String method, Class<?>... types) {
        EngineExecutionResults results = execute(engine, examples, method, types);
        assertThat(results.testEvents().finished().count()).isEqualTo(1);
        return results.testEvents().finished().stream()
                .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                .flatMap(result -> result.getThrowable().stream())
                .map(Throwable::getMessage)
                .collect(Collectors.joining());
    }

    private static String failure(String method) {
        return failures("junit-jupiter", Examples.class, method);
    }

    private static String failureOfProperty(String method) {
        return failures("jqwik", PropertyExamples.class, method, int.class);
    }

    @Test
    void soundRunPasses() {
        assertThat(failure("sound")).isEmpty();
        assertThat(failureOfProperty("sound")).isEmpty();
    }

    @Test
    void brokenRuleFailsATestWithoutAssertions() {
        for (String method : List.of("broken", "brokenBesideASoundOne")) {
            assertThat(failure(method))
                    .containsOnlyOnce("A simulated run breaks rules:\n  " + IN_USE)
                    .containsSubsequence("What happened:", "UNBIND 0000:01:00.0, until 1000 ms", "told Done");
        }
    }

    @Test
    void brokenRuleFailsAPropertyWithoutAssertions() {
        assertThat(failureOfProperty("broken")).contains(IN_USE, "UNBIND 0000:01:00.0");
    }

    @Test
    void plantedViolationPasses() {
        assertThat(failure("brokenOnPurpose")).isEmpty();
        assertThat(failureOfProperty("brokenOnPurpose")).isEmpty();
    }

    @Test
    void violationOfAnotherRuleThanThePlantedFails() {
        assertThat(failure("brokenOtherwiseThanOnPurpose")).contains(IN_USE);
    }

    @Test
    void missingPlantedViolationFails() {
        assertThat(failure("soundThoughBrokenOnPurpose"))
                .startsWith("No rule was found to be broken")
                .contains("test");
    }

    @Test
    void failureOfTheTestItselfIsReported() {
        assertThat(failure("failsByItself")).isEqualTo("by itself");
    }
}
