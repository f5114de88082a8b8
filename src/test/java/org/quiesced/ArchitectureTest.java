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
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;

/** Dependencies between packages only go down the layers. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.quiesced");

    /** A layer, and its packages by their names below {@code org.quiesced}. Each includes its subpackages. */
    private record Layer(String name, String... packages) {
        String[] patterns() {
            return Stream.of(packages)
                    .map(name -> "org.quiesced." + name + "..")
                    .toArray(String[]::new);
        }

        boolean has(String name) {
            return List.of(packages).contains(name);
        }
    }

    /** The layers, from the top, as drawn in src/doc/architecture.md. */
    private static final List<Layer> LAYERS = List.of(
            new Layer("entry", "cli", "daemon"),
            new Layer(
                    "service",
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
            new Layer("history", "history"),
            new Layer("report", "report"),
            new Layer("estimate", "estimate"),
            new Layer("run", "run"),
            new Layer("plan", "method", "plan", "config"),
            new Layer("port", "kernel", "host"),
            new Layer("base", "work", "linux", "device"),
            new Layer("vocabulary", "shutdown"));

    @Test
    void dependenciesOnlyGoDownTheLayers() {
        LayeredArchitecture rule = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .ensureAllClassesAreContainedInArchitecture();
        List<String> above = new ArrayList<>();
        for (Layer layer : LAYERS) {
            rule = rule.layer(layer.name()).definedBy(layer.patterns());
        }
        for (Layer layer : LAYERS) {
            rule = above.isEmpty()
                    ? rule.whereLayer(layer.name()).mayNotBeAccessedByAnyLayer()
                    : rule.whereLayer(layer.name()).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
            above.add(layer.name());
        }
        rule.check(CLASSES);
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
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass each : CLASSES) {
            String from = top(each);
            each.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> top(dependency.getTargetClass().getBaseComponentType()))
                    .filter(to -> !to.equals(from))
                    .filter(to -> LAYERS.stream().anyMatch(layer -> layer.has(from) && layer.has(to)))
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
                .resideOutsideOfPackages(
                        "org.quiesced.cli..",
                        "org.quiesced.daemon..",
                        "org.quiesced.oneshot..",
                        "org.quiesced.warmup..",
                        "org.quiesced.kernel.linux..",
                        "org.quiesced.host.linux..",
                        "org.quiesced.linux..")
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

    /** What uses the simulation depends, through it, on the simulated machine. */
    @Test
    void onlyEntryPointsDependOnTheSimulation() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.quiesced.simulation..", "org.quiesced.cli..")
                .and()
                .haveNameNotMatching("org\\.quiesced\\.daemon\\.(Quiesced|OptionsParser)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.quiesced.simulation..")
                .check(CLASSES);
    }

    /** Also checks the source: a class file omits the type argument of a local variable. */
    @Test
    void onlyEntryPointsImportTheSimulatedMachine() throws IOException {
        Path sources = Path.of("src/main/java/org/quiesced");
        Pattern simulated = Pattern.compile("(?m)^import (static )?org\\.quiesced\\.\\w+\\.simulated\\.");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (simulated.matcher(Files.readString(file)).find()) {
                    found.add(sources.relativize(file).toString());
                }
            }
        }
        assertThat(found)
                .isNotEmpty()
                .allMatch(file -> file.matches("(cli|simulation|\\w+/simulated)/.*"
                        + "|daemon/(Quiesced|Options)\\.java|oneshot/ShutdownHook\\.java"));
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
