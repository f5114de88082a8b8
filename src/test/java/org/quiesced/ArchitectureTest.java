// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The layers of the house: arrows only go down. */
class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.quiesced");

    @Test
    void arrowsOnlyGoDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("front")
                .definedBy("org.quiesced.cli..", "org.quiesced.daemon..")
                .layer("run")
                .definedBy("org.quiesced.run..", "org.quiesced.report..")
                .layer("plan")
                .definedBy("org.quiesced.method..", "org.quiesced.plan..", "org.quiesced.config..")
                .layer("kernel")
                .definedBy("org.quiesced.kernel..")
                .layer("device")
                .definedBy("org.quiesced.device..")
                .whereLayer("front")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("run")
                .mayOnlyBeAccessedByLayers("front")
                .whereLayer("plan")
                .mayOnlyBeAccessedByLayers("front", "run")
                .whereLayer("kernel")
                .mayOnlyBeAccessedByLayers("front", "run", "plan")
                .check(classes);
    }

    @Test
    void thereIsNoCircleAmongPackages() {
        slices().matching("org.quiesced.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyOnePackageKnowsOfJna() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.quiesced.kernel.linux.ffi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(classes);
    }

    @Test
    void onlyTheKernelPackageAndTheCommandLineKnowTheRealKernel() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.quiesced.device..",
                        "org.quiesced.config..",
                        "org.quiesced.method..",
                        "org.quiesced.plan..",
                        "org.quiesced.run..",
                        "org.quiesced.report..",
                        "org.quiesced.kernel.simulated..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.quiesced.kernel.linux..")
                .check(classes);
    }

    @Test
    void devicesAreDataWithoutInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage("org.quiesced.device..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "tools.jackson..")
                .check(classes);
    }
}
