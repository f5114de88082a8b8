// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.Programs;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.estimate.Estimate;
import org.quiesced.estimate.KernelWalk;
import org.quiesced.guard.ForcedEnd;
import org.quiesced.guard.LastResort;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.report.Labels;
import org.quiesced.report.PlanReport;
import org.quiesced.run.OrphanedStops;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.warmup.WarmUpKernel;

/**
 * All that the program knows of a type of drive comes from the type: what holds for the supported types also holds for
 * a made-up one.
 */
class DriveTypeTest {
    private static final DriveTypes TYPES = MadeUpDrive.TYPES;
    private static final DriveType MADE_UP = TYPES.all().get(TYPES.all().size() - 1);
    private static final Path HOOK = Path.of("systemd/system-shutdown/quiesced");
    private static final Path MANUAL = Path.of("packaging/man/quiesced.toml.5");
    private static final Config ALL = Configs.config(Mode.ON, required(), Map.of());

    /** Two drives of each type. */
    private final List<Device> devices = new ArrayList<>();

    private final Map<String, Duration> latencies = new LinkedHashMap<>();

    @TempDir
    private Path directory;

    static List<DriveType> types() {
        return TYPES.all();
    }

    /** Returns the types whose drives have a driver of the kernel, and therefore disks. */
    static List<DriveType> typesWithDisks() {
        return TYPES.all().stream().filter(type -> type.required().isEmpty()).toList();
    }

    /** Returns the types whose drives are left alone unless the configuration selects a method. */
    static List<DriveType> typesToBeAskedFor() {
        return TYPES.all().stream().filter(type -> type.required().isPresent()).toList();
    }

    private static Map<String, Settings> required() {
        return typesToBeAskedFor().stream()
                .collect(Collectors.toMap(
                        type -> type.binding().driver(),
                        type -> Configs.settings(type.required().orElseThrow())));
    }

    private static String methodLine(DriveType type) {
        return type.required()
                .map(method -> "method = \"" + word(method) + "\"\n")
                .orElse("");
    }

    private static String word(Settings.Method method) {
        return method.name().toLowerCase().replace('_', '-');
    }

    private Machine twoOf(DriveType type) {
        for (int i = 1; i <= 2; i++) {
            SampleDrive sample = type.sample(i);
            devices.addAll(sample.devices());
            latencies.put(sample.devices().get(0).path(), Duration.ofSeconds(i));
        }
        return new Machine(
                "two", "", DeviceTree.of(devices, List.of()), Map.of(), Map.of(), latencies, Map.of(), Map.of());
    }

    private static Plan plan(Machine machine, Config config) {
        return Planner.assumingFree(config).withTypes(TYPES).plan(machine.tree());
    }

    private static Timeline run(Plan plan, Machine machine, Verb verb) {
        SimulatedKernel kernel = new SimulatedKernel(machine);
        return CheckedRun.of(machine, kernel, plan).inItsPhase(verb, kernel);
    }

    @ParameterizedTest
    @MethodSource("types")
    void planNamesMethodControllerAndDisks(DriveType type) {
        Plan plan = plan(twoOf(type), ALL);

        assertThat(plan.driven()).hasSize(2).allSatisfy(device -> {
            Disposition.Handled handled = (Disposition.Handled) plan.of(device);
            assertThat(handled.method()).isSameAs(type.method());
            assertThat(handled.target().disks()).hasSize(typesWithDisks().contains(type) ? 1 : 0);
            assertThat(handled.target().classDevice().map(Device::subsystem))
                    .isEqualTo(type.method().controlClass());
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveGoesDownInARun(DriveType type) {
        Machine machine = twoOf(type);

        assertThat(run(plan(machine, ALL), machine, Verb.REBOOT).outcomes())
                .hasSize(2)
                .allMatch(Timeline.Outcome::isDown);
    }

    @ParameterizedTest
    @MethodSource("types")
    void runTakesTheEstimatedTime(DriveType type) {
        Machine machine = twoOf(type);
        Plan plan = plan(machine, ALL);

        assertThat(run(plan, machine, Verb.POWEROFF).took())
                .isEqualTo(Duration.ofSeconds(2))
                .isEqualTo(Estimate.of(plan, machine, Verb.POWEROFF, Duration.ofMinutes(1)));
        assertThat(KernelWalk.duration(KernelWalk.steps(plan, machine, Verb.POWEROFF, device -> true)))
                .as("one after the other, if it waits for them")
                .isEqualTo(
                        typesWithDisks().contains(type) && !type.method().needsNetwork()
                                ? Duration.ofSeconds(3)
                                : Duration.ZERO);
    }

    @Test
    void driveWithoutAWaitAtHaltTakesNoTimeInEstimateAndWalk() {
        Machine machine = twoOf(MADE_UP);
        Plan plan = plan(machine, ALL);

        assertThat(Estimate.of(plan, machine, Verb.HALT, Duration.ofMinutes(1))).isZero();
        assertThat(KernelWalk.steps(plan, machine, Verb.HALT, device -> true)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void configurationAcceptsTheDriverWithItsOwnKeys(DriveType type) throws ConfigException {
        String table = "[driver." + type.binding().driver() + "]\nshutdown = \"parallel\"\n" + methodLine(type);
        ConfigFiles files = new ConfigFiles(TYPES.drivers());

        assertThat(plan(twoOf(type), files.parse("x.toml", table)).count(Disposition.Lane.PARALLEL))
                .isEqualTo(2);
        for (Settings.Key key : Settings.Key.values()) {
            String text = table + key.name().toLowerCase() + " = \"never\"\n";
            if (type.keys().contains(key)) {
                assertThat(files.parse("x.toml", text)).isNotNull();
            } else {
                assertThat(catchThrowableOfType(ConfigException.class, () -> files.parse("x.toml", text)))
                        .hasMessageContaining("has no meaning here");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void driveWithARequiredMethodIsLeftAloneWithoutIt(DriveType type) {
        Plan plan = plan(twoOf(type), Configs.config(Mode.ON, Map.of(), Map.of()));
        Device drive = plan.tree().get(0);

        assertThat(plan.handles(drive)).isFalse();
        assertThat(plan.of(drive))
                .isEqualTo(
                        drive.driver().isEmpty()
                                ? new Disposition.NoDriver()
                                : new Disposition.LeftToKernel(new Reason.NotAsked(
                                        drive.driver().get(), type.required().orElseThrow())));
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void requiredMethodOptsTheDriveIn(DriveType type) {
        Config asked = Configs.config(Mode.SAFE, required(), Map.of());
        Machine machine = twoOf(type);

        for (WalkMode walk : WalkMode.values()) {
            Plan plan =
                    Planner.assumingFree(asked).withTypes(TYPES).withWalk(walk).plan(machine.tree());
            assertThat(plan.count(Disposition.Lane.PARALLEL)).as(walk.word()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void optedOutDriveIsReportedAsOptedOutWithoutADriver(DriveType type) {
        Settings optedOut = Configs.settings(type.required().orElseThrow(), Settings.Shutdown.KERNEL);
        Plan plan = plan(
                twoOf(type), Configs.config(Mode.SAFE, Map.of(type.binding().driver(), optedOut), Map.of()));

        assertThat(plan.driven())
                .hasSize(2)
                .allSatisfy(device ->
                        assertThat(plan.of(device)).isEqualTo(new Disposition.LeftToKernel(new Reason.OptedOut())));
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void optInWithoutTheRequiredMethodIsAnError(DriveType type) {
        String driver = type.binding().driver();

        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> Configs.FILES.parse("x.toml", "[driver." + driver + "]\nshutdown = \"parallel\"\n")))
                .hasMessageContaining("without " + methodLine(type).strip());
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void requiredMethodIsRefusedForOtherDrivers(DriveType type) {
        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> Configs.FILES.parse("x.toml", "[driver.nvme]\n" + methodLine(type))))
                .hasMessageContaining("is not for this driver");
    }

    @Test
    void configurationRefusesAnUnlistedDriver() {
        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> Configs.FILES.parse("x.toml", "[driver.ufs-made-up]\nshutdown = \"parallel\"\n")))
                .hasMessageContaining("there is no method for this driver");
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveIsNamedByItsLabelClass(DriveType type) {
        Plan plan = plan(twoOf(type), ALL);
        Storage storage = new Storage(plan.tree());

        for (Device device : plan.driven()) {
            Device named = storage.firstBelow(device, type.labelClass()).orElse(device);
            assertThat(new Labels(plan).brief(device)).isEqualTo(named.name());
        }
        assertThat(new PlanReport(plan, device -> Optional.empty(), Verb.REBOOT, ALL).summary())
                .isEqualTo("2 drives in parallel");
    }

    @Test
    void reportedTimeIsQueried() {
        Machine machine = twoOf(MADE_UP);
        Plan plan = plan(machine, ALL);

        assertThat(plan.driven())
                .allSatisfy(device -> assertThat(ReportedLatencies.ask(plan, new SimulatedKernel(machine))
                                .of(device))
                        .contains(MadeUpDrive.TIME));
    }

    @ParameterizedTest
    @MethodSource("typesWithDisks")
    void forcedEndFlushesTheDrive(DriveType type) throws InterruptedException {
        Machine machine = twoOf(type);
        SimulatedKernel kernel = SimulatedKernel.inRealTime(machine);
        Plan plan = plan(machine, ALL);
        Device stuck = plan.driven().get(0);
        SimulatedSysRq sysRq = new SimulatedSysRq();
        LastResort guard = new LastResort(
                new ForcedEnd(kernel, kernel.workers(), sysRq, ForcedEnd.Waits.SHORT),
                () -> false,
                Duration.ofMillis(1));
        guard.watch(plan, () -> List.of(new Run.Unfinished(stuck, Duration.ofHours(2))), () -> false);
        guard.late(Verb.REBOOT, Config.DEFAULT, plan);
        guard.check();

        Device disk = new Storage(plan.tree()).disksOf(plan.driven().get(1)).get(0);
        assertThat(kernel.log().operations())
                .singleElement()
                .satisfies(flush -> assertThat(flush.device()).isEqualTo(disk))
                .satisfies(flush -> assertThat(flush.kind()).isEqualTo(OperationLog.Kind.FLUSH));
        assertThat(sysRq.calls()).contains("restart");
    }

    @Test
    void driveTypeStopsADriveLeftWithoutADriver() throws IOException {
        Machine machine = twoOf(MADE_UP);
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Device drive = plan(machine, ALL).driven().get(0);
        kernel.dueStops().note(drive, Set.of(Verb.POWEROFF));
        kernel.drivers().unbind(drive);
        kernel.processEnds();
        List<String> said = new ArrayList<>();

        OrphanedStops.complete(
                kernel, kernel.workers(), DriveTypes.SUPPORTED, Verb.POWEROFF, Duration.ofMinutes(1), said::add);
        assertThat(said)
                .as("no listed type has its driver")
                .singleElement()
                .asString()
                .contains("not stopped");
        assertThat(kernel.dueStops().left()).containsOnlyKeys(drive);

        OrphanedStops.complete(kernel, kernel.workers(), TYPES, Verb.POWEROFF, Duration.ofMinutes(1), said::add);
        assertThat(kernel.log().operations())
                .filteredOn(operation -> operation.kind() == OperationLog.Kind.STOP)
                .singleElement()
                .satisfies(stop -> assertThat(stop.device()).isEqualTo(drive));
        assertThat(kernel.dueStops().left()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void warmUpHasTheDriveWithTheAttributesOfItsPlan(DriveType type) throws IOException {
        DriveTypes only = new DriveTypes(List.of(type));
        try (WarmUpKernel kernel = WarmUpKernel.in(directory.resolve("warm-up"), only)) {
            DeviceTree tree = kernel.readTree();
            Plan plan = Planner.assumingFree(ALL).withTypes(only).plan(tree);

            assertThat(plan.count(Disposition.Lane.PARALLEL))
                    .isEqualTo(kernel.drives())
                    .isPositive();
            for (Device expected : type.sample(0).devices()) {
                Device read = tree.find(expected.path()).orElseThrow();
                assertThat(read.driver()).isEqualTo(expected.driver());
                assertThat(read.attributes()).allSatisfy((name, value) -> {
                    assertThat(only.attributes().of(read.subsystem())).contains(name);
                    assertThat(value).isEqualTo(expected.attributes().get(name));
                });
                assertThat(expected.attributes().keySet().stream()
                                .filter(only.attributes().of(read.subsystem())::contains))
                        .allMatch(read.attributes()::containsKey);
            }
            for (String node : type.sample(0).nodes()) {
                assertThat(directory.resolve("warm-up/dev/" + node)).exists();
            }
        }
    }

    /** Without one of these, a plan would be wrong about the steps of a shutdown, and no other test would fail. */
    @Test
    void planReadsStatesAndStopAttributes() {
        assertThat(DriveTypes.SUPPORTED.attributes().of("nvme")).contains("state");
        assertThat(DriveTypes.SUPPORTED.attributes().of("scsi")).contains("state", "power/runtime_status");
        assertThat(DriveTypes.SUPPORTED.attributes().of("scsi_disk"))
                .contains(
                        "cache_type",
                        "manage_start_stop",
                        "manage_system_start_stop",
                        "manage_runtime_start_stop",
                        "manage_shutdown",
                        "manage_restart");
    }

    @Test
    void captureReadsTheAttributesOfAPlanAndMore() {
        assertThat(TYPES.attributes().of("ufs_made_up")).containsExactly("health", "power/state");
        assertThat(TYPES.capturedAttributes().of("ufs_made_up")).containsExactly("health", "power/state", "maker");
        assertThat(TYPES.attributes().of("nvme"))
                .isEqualTo(DriveTypes.SUPPORTED.attributes().of("nvme"));
    }

    @Test
    void hookSearchesForDevicesOfEachType() throws IOException {
        Matcher loop = Pattern.compile("for device in (\\$prefix/sys/bus/.*) \\$run/stops/\\*; do")
                .matcher(Files.readString(HOOK));

        assertThat(loop.find()).isTrue();
        assertThat(loop.group(1).replace("$prefix", "").split(" "))
                .containsExactlyElementsOf(DriveTypes.SUPPORTED.all().stream()
                        .filter(type -> type.required().isEmpty())
                        .flatMap(type -> type.hookGlob().stream())
                        .toList());
    }

    @Test
    void hookSearchesTheConfigurationForEachMethod() throws IOException {
        Matcher line = Pattern.compile("grep -qsE '(.*)' \\$etc/quiesced.toml").matcher(Files.readString(HOOK));
        assertThat(line.find()).isTrue();
        String pattern = line.group(1).replace("[[:space:]]", "\\s");

        for (Settings.Method method : Settings.Method.values()) {
            assertThat(Pattern.compile(pattern)
                            .matcher("  method = \"" + word(method) + "\"")
                            .find())
                    .isEqualTo(method != Settings.Method.AUTO);
        }
    }

    @Test
    void shippedConfigurationAndManualCoverEachType() throws IOException {
        String manual = Files.readString(MANUAL).replace("\\-", "-");

        for (DriveType type : DriveTypes.SUPPORTED.all()) {
            String driver = type.binding().driver();
            if (type.required().isPresent()) {
                assertThat(Configs.FILES.shipped().drivers()).doesNotContainKey(driver);
                assertThat(Files.readString(Path.of("config/quiesced.toml")))
                        .contains("\n#[driver." + driver + "]\n#shutdown = \"parallel\"\n#" + methodLine(type));
                assertThat(manual).containsPattern("\\b" + driver + "\\b");
                continue;
            }
            assertThat(Configs.FILES.shipped().drivers().get(driver).shutdown()).contains(Settings.Shutdown.PARALLEL);
            assertThat(manual).containsPattern("\\b" + driver + "\\b");
        }
    }

    @Test
    void onlyTypesThatNeedTheNetworkHaveNoHookGlob() {
        assertThat(DriveTypes.SUPPORTED.all())
                .allSatisfy(type -> assertThat(type.hookGlob().isEmpty())
                        .isEqualTo(type.method().needsNetwork()));
    }

    static List<DriveType> ofTheLatePhase() {
        return TYPES.all().stream().filter(type -> type.hookGlob().isPresent()).toList();
    }

    @ParameterizedTest
    @MethodSource("ofTheLatePhase")
    void hookGlobMatchesDevicesAndNoOtherFilesOfTheDriver(DriveType type) throws Exception {
        DriverBinding binding = type.binding();
        Path driver = Files.createDirectories(
                directory.resolve(binding.glob().substring(1)).getParent());
        for (String file : List.of("bind", "unbind", "uevent", "module", "new_id", "remove_id")) {
            Files.createFile(driver.resolve(file));
        }
        assertThat(matches(binding)).isEmpty();

        Set<String> names = new LinkedHashSet<>();
        for (int i = 1; i <= 2; i++) {
            String name = type.sample(i).devices().get(0).name();
            names.add(name);
            Files.createFile(driver.resolve(name));
        }
        assertThat(matches(binding)).isEqualTo(names);
    }

    private Set<String> matches(DriverBinding binding) throws IOException, InterruptedException {
        String loop =
                "for device in " + directory + binding.glob() + "; do [ ! -e \"$device\" ] || echo ${device##*/}; done";
        return new LinkedHashSet<>(
                Programs.output(new ProcessBuilder("sh", "-c", loop)).lines().toList());
    }
}
