// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import org.junit.jupiter.api.Test;
import org.quiesced.run.Run;

/** {@link CheckedRuns} checks each run that a test makes on a simulated machine. */
class CheckedRunsArchitectureTest {
    /** Tests on virtual machines, and benchmarks. */
    private static final String[] NO_TESTS = {"org.quiesced.vm..", "org.quiesced.bench.."};

    /** Classes that shut a machine down by their own runs. */
    private static final String MAKERS_OF_RUNS = "org\\.quiesced\\.(oneshot\\.OneShot|daemon\\.Shutdowns)";

    /** Programs that a test starts as a separate process. */
    private static final String PROCESSES = "org\\.quiesced\\.daemon\\.(OneShotProcess|LargeMachine)(\\$.*)?";

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("org.quiesced");

    private static DescribedPredicate<JavaCall<?>> constructorOf(DescribedPredicate<? super JavaClass> made) {
        return DescribedPredicate.describe(
                "constructor of " + made.getDescription(),
                call -> target(name("<init>")).test(call) && target(owner(made)).test(call));
    }

    @Test
    void runsAreMadeByCheckedHelpers() {
        noClasses()
                .that()
                .resideOutsideOfPackages(NO_TESTS)
                .and()
                .haveNameNotMatching("org\\.quiesced\\.(invariants\\.CheckedRun|faults\\.Trial)(\\$.*)?")
                .should()
                .callConstructorWhere(constructorOf(JavaClass.Predicates.equivalentTo(Run.class)))
                .because("CheckedRun checks the runs that it makes, and RunChecker those of a trial")
                .check(TESTS);
    }

    @Test
    void machinesAreCheckedThatAreShutDownByTheProgram() {
        DescribedPredicate<JavaClass> isMaker = DescribedPredicate.describe(
                "what makes runs", made -> made.getName().matches(MAKERS_OF_RUNS));
        DescribedPredicate<JavaClass> makesRuns = DescribedPredicate.describe(
                "make what makes runs",
                test -> test.getConstructorCallsFromSelf().stream()
                        .anyMatch(call -> isMaker.test(call.getTargetOwner())));
        assertThat(TESTS.that(makesRuns)).isNotEmpty();
        classes()
                .that()
                .resideOutsideOfPackages(NO_TESTS)
                .and()
                .haveNameNotMatching(PROCESSES)
                .and(makesRuns)
                .should(addTheirMachines())
                .check(TESTS);
    }

    private static ArchCondition<JavaClass> addTheirMachines() {
        return ArchCondition.from(DescribedPredicate.describe(
                "add their machines to those that are checked",
                test -> test.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(CheckedRun.class)
                                && call.getName().startsWith("addMachine"))));
    }
}
