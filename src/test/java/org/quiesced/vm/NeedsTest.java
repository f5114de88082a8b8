// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A scenario is skipped when its needs are unmet, with a reason in the report. */
class NeedsTest {
    @Needs(suite = Suite.TRIXIE, reason = "for the test")
    private interface NewSuite {}

    @Needs(thorough = true, reason = "for the test")
    private interface Long {}

    @Needs(cpus = 1, reason = "for the test")
    private interface SmallMachine {}

    @Needs(drives = 3, modules = "loop")
    private interface Anywhere {}

    private static Optional<String> unmet(Class<?> scenario, String suite, boolean all) {
        return unmet(scenario, suite, all, 0);
    }

    private static Optional<String> unmet(Class<?> scenario, String suite, boolean all, int cpus) {
        return NeedsCondition.unmet(scenario.getAnnotation(Needs.class), suite, all, cpus);
    }

    @Test
    void scenarioIsSkippedInAnOlderSuite() {
        for (String old : List.of("bullseye", "bookworm")) {
            assertThat(unmet(NewSuite.class, old, true))
                    .contains("skipped: needs trixie, this is " + old + ": for the test");
        }
        for (String young : List.of("trixie", "sid", "one that is not known yet")) {
            assertThat(unmet(NewSuite.class, young, false)).isEmpty();
        }
    }

    @Test
    void thoroughScenarioIsSkippedByDefault() {
        assertThat(unmet(Long.class, "sid", false)).contains("skipped: runs with -Dquiesced.all only: for the test");
        assertThat(unmet(Long.class, "sid", true)).isEmpty();
    }

    @Test
    void scenarioIsSkippedWhereAnotherNumberOfProcessorsIsAskedFor() {
        assertThat(unmet(SmallMachine.class, "sid", true, 4))
                .contains("skipped: needs -Dquiesced.cpus=1, this is 4: for the test");
        assertThat(unmet(SmallMachine.class, "sid", true, 1)).isEmpty();
        assertThat(unmet(SmallMachine.class, "sid", true, 0)).isEmpty();
        assertThat(unmet(Anywhere.class, "sid", true, 4)).isEmpty();
    }

    @Test
    void drivesAndModulesSkipNothing() {
        assertThat(unmet(Anywhere.class, "bullseye", false)).isEmpty();
    }

    @Test
    void skippableScenariosHaveAReason() {
        List<Needs> skips = new ClassFileImporter()
                .importPackages("org.quiesced.vm").stream()
                        .filter(scenario -> scenario.isAssignableTo(ScenarioTest.class))
                        .flatMap(NeedsTest::needs)
                        .filter(needs -> needs.thorough() || needs.cpus() != 0 || needs.suite() != Suite.BULLSEYE)
                        .toList();

        assertThat(skips)
                .hasSizeGreaterThanOrEqualTo(6)
                .noneMatch(needs -> needs.reason().isBlank());
    }

    private static Stream<Needs> needs(JavaClass scenario) {
        return Stream.concat(
                scenario.tryGetAnnotationOfType(Needs.class).stream(),
                scenario.getMethods().stream().flatMap(method -> method.tryGetAnnotationOfType(Needs.class).stream()));
    }
}
