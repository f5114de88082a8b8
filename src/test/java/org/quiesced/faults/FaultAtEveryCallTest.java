// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.shutdown.Verb;

/**
 * The checker finds no broken rule when any call of the kernel port fails in a run, in any way, once or permanently,
 * alone or together with another call. On reduced built-in machines each call fails in each way; on each random machine
 * one in 16 of these faults is tried, from an offset that depends on the machine's number; on the complete built-in
 * machines pairs are drawn. {@code -Dquiesced.faults=extended} tries about ten times as many, {@code sample} some
 * thousand (for mutation testing); {@code -Dquiesced.replay=LINE} replays one run and prints its story.
 */
class FaultAtEveryCallTest {
    private static final int LEAST_RUNS = 200_000;

    /** Number of courses of each variation. The last one ends the hook, after which nothing is at work. */
    private static final int COURSES = 6;

    private static final boolean EXTENDED = "extended".equals(System.getProperty("quiesced.faults"));
    private static final boolean SAMPLE = "sample".equals(System.getProperty("quiesced.faults"));

    private static final List<String> BUILT_IN = List.of(
            "nvme-24~4.parallel",
            "nvme-24~4.serial",
            "sas-60~4.parallel",
            "sas-60~3.serial",
            "cloud-2~2.parallel",
            "cloud-2~2.serial",
            "nvme-150~4.parallel",
            "nvme-150~3.serial",
            "sas-60~4.adapters",
            "fabrics.parallel");

    /** Built-in machines with all their drives. A run on one takes a hundred times as long as on its reduced form. */
    private static final List<String> WHOLE =
            List.of("nvme-24~26.parallel", "sas-60~60.parallel", "sas-60~60.serial", "nvme-150~150.parallel");

    private static List<Course> courses(int variation, Verb lateVerb) {
        long millis = List.of(0L, 1L, 300L, 3_000L, 4_500L, 20_000L).get(variation % 6);
        return List.of(
                Course.LATE_ALONE,
                variation % 2 == 0 ? Course.early(millis) : new Course(Course.Kind.NETWORK, millis, Optional.empty()),
                new Course(Course.Kind.EARLY, millis, Optional.of(lateVerb)),
                new Course(Course.Kind.EXITRD, millis, variation % 2 == 0 ? Optional.of(lateVerb) : Optional.empty()),
                new Course(Course.Kind.CANCEL, millis, Optional.empty()),
                new Course(Course.Kind.ABANDON, millis, Optional.empty()));
    }

    @Test
    @EnabledIfSystemProperty(
            named = "quiesced.faults",
            matches = "sample",
            disabledReason = "only with -Dquiesced.faults=sample")
    void faultsBreakNoRuleInASampleOfRuns() {
        Campaign campaign = new Campaign(trial -> {});
        for (int number = 0; number < 100; number++) {
            Scenario base = scenario(
                    "random-" + number,
                    Verb.values()[number / 2 % 4],
                    courses(number / 4, verb(number / 4)).get(number % COURSES),
                    number);
            campaign.exhaust(base, 50);
        }

        assertThat(campaign.failures()).isEmpty();
    }

    @Test
    @DisabledIfSystemProperty(
            named = "quiesced.replay",
            matches = ".*",
            disabledReason = "-Dquiesced.replay replays one run")
    @DisabledIfSystemProperty(
            named = "quiesced.faults",
            matches = "sample",
            disabledReason = "-Dquiesced.faults=sample runs a sample")
    void faultsAtEveryCallBreakNoRule() throws InterruptedException {
        Coverage coverage = new Coverage();
        Campaigns campaigns = new Campaigns(coverage::witness);
        int seed = 0;
        for (String stage : BUILT_IN) {
            for (Verb verb : Verb.values()) {
                for (Course course : courses(seed, verb(verb.ordinal() + 1 + seed / 20 % 3))) {
                    Scenario base = scenario(stage, verb, course, ++seed);
                    campaigns.add(campaign -> campaign.exhaust(base, 1));
                }
            }
        }
        for (String stage : WHOLE) {
            for (Verb verb : Verb.values()) {
                Course course = courses(seed, verb(verb.ordinal() + 1)).get(seed % COURSES);
                Scenario base = scenario(stage, verb, course, ++seed);
                campaigns.add(campaign -> campaign.pairs(base, EXTENDED ? 200 : 8));
            }
        }
        for (int number = 0; number < (EXTENDED ? 10_000 : 1_000); number++) {
            Course course = courses(number / 4, verb(number / 4)).get(number % COURSES);
            Scenario base = scenario("random-" + number, Verb.values()[number / 2 % 4], course, ++seed);
            campaigns.add(campaign -> {
                campaign.exhaust(base, EXTENDED ? 2 : 16);
                campaign.pairs(base, EXTENDED ? 100 : 20);
            });
        }
        long begin = System.nanoTime();
        campaigns.run();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.out.println(
                "A fault at every call: " + campaigns.runs() + " runs in " + millis + " ms; " + coverage.summary());

        assertThat(campaigns.failures()).isEmpty();
        assertThat(campaigns.runs()).isGreaterThanOrEqualTo(LEAST_RUNS);
        assertThat(coverage.unvisited()).as("cells that no run has visited").isEmpty();
        assertThat(coverage.impossible())
                .as("cells that a rule excludes, visited all the same")
                .isEmpty();
    }

    private static Verb verb(int count) {
        return Verb.values()[count % Verb.values().length];
    }

    private static Scenario scenario(String stage, Verb verb, Course course, long seed) {
        return new Scenario(stage, verb, course, seed, List.of());
    }

    @Test
    @EnabledIfSystemProperty(
            named = "quiesced.replay",
            matches = ".+",
            disabledReason = "only with -Dquiesced.replay=RUN")
    void replayedFaultBreaksNoRule() {
        Scenario scenario = Scenario.parse(System.getProperty("quiesced.replay"));
        Trial trial = Trial.of(scenario, new Stages().byName(scenario.stage()), new Lockstep.Threads());

        System.out.println(String.join("\n", trial.story()));
        assertThat(trial.complaints()).isEmpty();
    }

    @Test
    void replayRepeatsTheRunExactly() {
        Campaign campaign = new Campaign(trial -> {});
        for (int number = 0; number < 50; number++) {
            Scenario base = scenario(
                    "random-" + number,
                    Verb.POWEROFF,
                    courses(number, verb(number)).get(number % COURSES),
                    number);
            List<Call> calls = campaign.run(base).kernel().calls();
            if (!calls.isEmpty()) {
                Call call = calls.get(number % calls.size());
                Scenario scenario =
                        base.with(new Injection(call.number, call.site.faults().get(0), true));

                Scenario written = Scenario.parse(scenario.toString());
                assertThat(written).isEqualTo(scenario);
                assertThat(campaign.run(written).story())
                        .isEqualTo(campaign.run(scenario).story());
            }
        }
    }

    /**
     * After a call that is delayed once, a run without a deadline ends in time: each device is down, or is given up at
     * its own time limit.
     */
    @Test
    void runEndsAfterAnyFault() {
        List<String> wrong = new ArrayList<>();
        int[] runs = {0};
        Lockstep.Threads threads = new Lockstep.Threads();
        Stages stages = new Stages();
        for (int number = 0; number < (EXTENDED ? 2_000 : SAMPLE ? 10 : 300); number++) {
            Scenario base = scenario(
                    "random-" + number,
                    Verb.values()[number / 2 % 4],
                    courses(number, verb(number)).get(number % (COURSES - 1)),
                    number);
            Stage stage = stages.byName(base.stage());
            for (Call call : Liveness.trial(base, stage, threads).kernel().calls()) {
                for (Wrong fault : call.site.faults()) {
                    if (fault.kind() == Wrong.Kind.LATE) {
                        Scenario scenario = base.with(new Injection(call.number, fault, false));
                        runs[0]++;
                        Liveness.complaint(Liveness.trial(scenario, stage, threads))
                                .ifPresent(text -> wrong.add(text + ": -Dquiesced.replay=" + scenario));
                    }
                }
            }
        }
        System.out.println("Liveness: " + runs[0] + " runs");
        assertThat(wrong).isEmpty();
    }
}
