// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;

/** Dependencies between packages only go down the layers. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.quiesced");

    @Test
    void dependenciesOnlyGoDownTheLayers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("entry")
                .definedBy("org.quiesced.cli..", "org.quiesced.daemon..")
                .layer("service")
                .definedBy(
                        "org.quiesced.oneshot..",
                        "org.quiesced.guard..",
                        "org.quiesced.hook..",
                        "org.quiesced.log..",
                        "org.quiesced.snapshot..",
                        "org.quiesced.varlink..",
                        "org.quiesced.simulation..",
                        "org.quiesced.warmup..",
                        "org.quiesced.chart..",
                        "org.quiesced.doctor..",
                        "org.quiesced.health..")
                .layer("history")
                .definedBy("org.quiesced.history..")
                .layer("report")
                .definedBy("org.quiesced.report..")
                .layer("estimate")
                .definedBy("org.quiesced.estimate..")
                .layer("run")
                .definedBy("org.quiesced.run..")
                .layer("plan")
                .definedBy("org.quiesced.method..", "org.quiesced.plan..", "org.quiesced.config..")
                .layer("port")
                .definedBy("org.quiesced.kernel..", "org.quiesced.host..")
                .layer("base")
                .definedBy("org.quiesced.work..", "org.quiesced.linux..", "org.quiesced.device..")
                .layer("vocabulary")
                .definedBy("org.quiesced.shutdown..")
                .whereLayer("entry")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("service")
                .mayOnlyBeAccessedByLayers("entry")
                .whereLayer("history")
                .mayOnlyBeAccessedByLayers("entry", "service")
                .whereLayer("report")
                .mayOnlyBeAccessedByLayers("entry", "service", "history")
                .whereLayer("estimate")
                .mayOnlyBeAccessedByLayers("entry", "service", "history", "report")
                .whereLayer("run")
                .mayOnlyBeAccessedByLayers("entry", "service", "history", "report", "estimate")
                .whereLayer("plan")
                .mayOnlyBeAccessedByLayers("entry", "service", "history", "report", "estimate", "run")
                .whereLayer("port")
                .mayOnlyBeAccessedByLayers("entry", "service", "history", "report", "estimate", "run", "plan")
                .whereLayer("base")
                .mayOnlyBeAccessedByLayers("entry", "service", "history", "report", "estimate", "run", "plan", "port")
                .whereLayer("vocabulary")
                .mayOnlyBeAccessedByLayers(
                        "entry", "service", "history", "report", "estimate", "run", "plan", "port", "base")
                .check(CLASSES);
    }

    /** The packages that a package uses within its layer, as drawn in src/doc/architecture.md. */
    private static final Map<String, Set<String>> BESIDE = Map.of(
            "guard", Set.of("log", "snapshot"),
            "hook", Set.of("log"),
            "oneshot", Set.of("guard", "hook", "log"),
            "plan", Set.of("config", "method"),
            "method", Set.of("config"));

    @Test
    void dependenciesWithinALayerAreThoseOfThePage() {
        List<Set<String>> groups = List.of(
                Set.of("cli", "daemon"),
                Set.of(
                        "oneshot",
                        "guard",
                        "hook",
                        "log",
                        "snapshot",
                        "varlink",
                        "simulation",
                        "warmup",
                        "chart",
                        "doctor",
                        "health"),
                Set.of("method", "plan", "config"),
                Set.of("kernel", "host"),
                Set.of("work", "linux", "device"));
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass each : CLASSES) {
            String from = top(each);
            each.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> top(dependency.getTargetClass().getBaseComponentType()))
                    .filter(to -> !to.equals(from))
                    .filter(to -> groups.stream().anyMatch(group -> group.contains(from) && group.contains(to)))
                    .forEach(to ->
                            found.computeIfAbsent(from, key -> new TreeSet<>()).add(to));
        }
        assertThat(found).isEqualTo(BESIDE);
    }

    /**
     * Returns the first component of the name of a class's package below {@code org.quiesced}; empty for other classes.
     */
    private static String top(JavaClass each) {
        String name = each.getPackageName();
        return name.startsWith("org.quiesced.") ? name.split("\\.")[2] : "";
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.quiesced.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyOnePackageDependsOnJna() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.quiesced.linux")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void onlyEntryPointsDependOnTheRealMachine() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.quiesced.device..",
                        "org.quiesced.config..",
                        "org.quiesced.method..",
                        "org.quiesced.plan..",
                        "org.quiesced.run..",
                        "org.quiesced.report..",
                        "org.quiesced.estimate..",
                        "org.quiesced.guard..",
                        "org.quiesced.hook..",
                        "org.quiesced.log..",
                        "org.quiesced.snapshot..",
                        "org.quiesced.varlink..",
                        "org.quiesced.chart..",
                        "org.quiesced.doctor..",
                        "org.quiesced.history..",
                        "org.quiesced.work..",
                        "org.quiesced.kernel.simulated..",
                        "org.quiesced.host.simulated..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.quiesced.kernel.linux..", "org.quiesced.host.linux..", "org.quiesced.linux..")
                .check(CLASSES);
    }

    @Test
    void commandLineDoesNotDependOnTheDaemon() {
        noClasses()
                .that()
                .resideInAPackage("org.quiesced.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.quiesced.daemon..")
                .check(CLASSES);
    }

    /** {@code packaging/stage} moves these packages to a jar that the service does not have. */
    @Test
    void serviceDoesNotDependOnPackagesOfTheCommand() throws IOException {
        String[] packages = Files.readAllLines(Path.of("packaging/stage")).stream()
                .filter(line -> line.startsWith("command_packages="))
                .flatMap(line -> Stream.of(line.replaceAll(".*\\(|\\).*", "").split("\\|")))
                .map(name -> "org.quiesced." + name + "..")
                .toArray(String[]::new);
        assertThat(packages).contains("org.quiesced.cli..").hasSizeGreaterThan(1);

        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }

    /** A shutdown never depends on the simulated machine; only entry points start a run on it. */
    @Test
    void onlyEntryPointsDependOnTheSimulatedMachine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.quiesced.kernel.simulated..",
                        "org.quiesced.host.simulated..",
                        "org.quiesced.work.simulated..",
                        "org.quiesced.simulation..",
                        "org.quiesced.cli..")
                .and()
                .haveNameNotMatching("org\\.quiesced\\.(daemon\\.(Quiesced|Options)|oneshot\\.ShutdownHook)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.quiesced.kernel.simulated..",
                        "org.quiesced.host.simulated..",
                        "org.quiesced.work.simulated..")
                .check(CLASSES);
    }

    /** Rules for the drives of one driver belong to their drive type. */
    @Test
    void onlyDriveTypesNameDrivers() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.quiesced.device..", "org.quiesced.kernel.simulated..")
                .and()
                .doNotHaveFullyQualifiedName("org.quiesced.method.DriverBinding")
                .should()
                .callMethod(Device.class, "isBoundTo", String.class, String.class)
                .check(CLASSES);
    }

    @Test
    void devicePackageDoesNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage("org.quiesced.device..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "tools.jackson..")
                .check(CLASSES);
    }
}
