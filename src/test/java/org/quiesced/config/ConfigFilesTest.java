// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.WalkMode;

class ConfigFilesTest {
    @TempDir
    private Path directory;

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static List<ConfigProblem> problemsOf(String text) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> Configs.FILES.parse("test.toml", text));
        return e == null ? List.of() : e.problems();
    }

    @Test
    void handoverIsConfiguredOrFollowsTheKernel() throws ConfigException {
        for (WalkMode walk : WalkMode.values()) {
            boolean isParallel = walk == WalkMode.ASYNCHRONOUS;
            assertThat(Configs.FILES.parse("q.toml", "handover = true\n").handsOver(walk))
                    .isTrue();
            assertThat(Configs.FILES.parse("q.toml", "handover = false\n").handsOver(walk))
                    .isFalse();
            assertThat(Configs.FILES.parse("q.toml", "handover = \"auto\"\n").handsOver(walk))
                    .isEqualTo(isParallel);
            assertThat(Configs.FILES.parse("q.toml", "").handsOver(walk)).isEqualTo(isParallel);
        }
        assertThatThrownBy(() -> Configs.FILES.parse("q.toml", "handover = \"yes\"\n"))
                .hasMessageContaining("handover: expected true, false or \"auto\"");
    }

    @Test
    void laterFileCanResetTheHandover() throws Exception {
        Path main = write("quiesced.toml", "handover = true\n");
        write("conf.d/10.toml", "handover = \"auto\"\n");

        assertThat(Configs.FILES.load(main).handover()).isEmpty();
    }

    @Test
    void shippedFileOptsInNvmeOnEachTransportAndSd() throws ConfigException {
        Config config = Configs.FILES.read(List.of(Path.of("config/quiesced.toml")));

        assertThat(config.mode()).isEqualTo(Mode.SAFE);
        assertThat(config.deadline()).isEqualTo(Duration.ofSeconds(80));
        assertThat(config.drivers().keySet())
                .containsExactlyInAnyOrder("nvme", "sd", "nvme-tcp", "nvme-rdma", "nvme-fc", "nvme-loop");
        assertThat(config.drivers().values())
                .allSatisfy(settings -> assertThat(settings.shutdown()).contains(Settings.Shutdown.PARALLEL));
    }

    @Test
    void defaultsHoldWithoutFiles() throws ConfigException {
        assertThat(Configs.FILES.load(directory.resolve("quiesced.toml"))).isEqualTo(Config.DEFAULT);
    }

    @Test
    void backupFilesAndBrokenLinksInConfDAreIgnored() throws IOException, ConfigException {
        Path main = write("quiesced.toml", "deadline = \"10s\"\n");
        write("conf.d/.hidden.toml", "invalid");
        write("conf.d/10.toml~", "invalid");
        write("conf.d/10.toml.dpkg-new", "invalid");
        write("conf.d/#10.toml#", "invalid");
        Files.createDirectory(directory.resolve("conf.d/20.toml"));
        Files.createSymbolicLink(directory.resolve("conf.d/30.toml"), Path.of("/nonexistent"));
        Files.createSymbolicLink(directory.resolve("conf.d/.#10.toml"), Path.of("somebody@somewhere.1234"));

        assertThat(Configs.FILES.load(main).deadline()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void filesInConfDOverrideInTheOrderOfTheirNames() throws IOException, ConfigException {
        Path main = write(
                "quiesced.toml", "deadline = \"10s\"\n[driver.nvme]\nshutdown = \"parallel\"\ntimeout = \"7s\"\n");
        write("conf.d/20.toml", "[driver.nvme]\nshutdown = \"kernel\"\n");
        write("conf.d/10.toml", "deadline = \"20s\"\n[driver.nvme]\nshutdown = \"serial\"\n");
        write("conf.d/30.conf", "this is not read");
        Config config = Configs.FILES.load(main);

        assertThat(config.deadline()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.drivers().get("nvme").shutdown()).contains(Settings.Shutdown.KERNEL);
        assertThat(config.drivers().get("nvme").timeout())
                .contains(new Settings.Timeout(Optional.of(Duration.ofSeconds(7))));
    }

    @Test
    void problemsInACopyNameTheOriginal() throws IOException {
        Path copy = write("quiesced.toml", "mode = 1");
        write("conf.d/10.toml", "mode = 2");

        assertThatThrownBy(() -> Configs.FILES.load(copy, Path.of("/etc/quiesced/quiesced.toml")))
                .hasMessageContaining("/etc/quiesced/quiesced.toml:1")
                .hasMessageContaining("/etc/quiesced/conf.d/10.toml:1");
    }

    @Test
    void deviceOverridesItsDriverAndALaterGlobAnEarlierGlob() throws ConfigException {
        Config config = Configs.FILES.parse("test.toml", """
                [driver.nvme]
                shutdown = "parallel"
                flush = "never"
                [device."nvme*"]
                shutdown = "serial"
                [device.nvme3]
                shutdown = "kernel"
                """);

        assertThat(config.settingsFor("nvme", List.of("0000:01:00.0", "nvme3")).shutdown())
                .contains(Settings.Shutdown.KERNEL);
        assertThat(config.settingsFor("nvme", List.of("nvme4")).shutdown()).contains(Settings.Shutdown.SERIAL);
        assertThat(config.settingsFor("nvme", List.of("nvme3")).flush()).contains(Settings.Flush.NEVER);
        assertThat(config.settingsFor("nvme", List.of("0000:01:00.0")).shutdown())
                .contains(Settings.Shutdown.PARALLEL);
    }

    @Test
    void onlyNamedHoldersAreReleased() throws ConfigException {
        assertThat(Configs.FILES.parse("test.toml", "").release()).isEmpty();
        assertThat(Configs.FILES
                        .parse("test.toml", "release = [\"zfs\", \"bcache\"]\n")
                        .release())
                .containsExactlyInAnyOrder(HolderKind.ZFS, HolderKind.BCACHE);
    }

    @Test
    void unknownHolderIsAnErrorWithItsPlace() {
        assertThat(problemsOf("mode = \"safe\"\nrelease = [\"md\", \"zsf\", 3]\n"))
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "test.toml:2:1: release: unknown holder \"zsf\": did you mean \"zfs\"?",
                        "test.toml:2:1: release: expected one of \"zfs\", \"md\", \"dm\", \"bcache\","
                                + " found the number 3");
        assertThat(problemsOf("release = \"md\"\n")).hasSize(1);
    }

    @Test
    void eachProblemHasLineColumnKeyAndSuggestion() {
        List<ConfigProblem> problems = problemsOf("""
                mdoe = "safe"
                deadline = "5 minuts"
                [driver.nvme]
                  shutdown = "paralel"
                timeout = true
                stop = "auto"
                flush = 3
                [driver.nmve]
                shutdown = "parallel"
                [device."nvme[0-9"]
                shutdown = "serial"
                [drivers.sd]
                shutdown = "serial"
                [device.sda]
                timeout = "0s"
                metod = "unbind"
                """);

        assertThat(problems)
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "test.toml:1:1: mdoe: unknown key \"mdoe\": did you mean \"mode\"?",
                        "test.toml:2:1: deadline: not a time span: \"5 minuts\" (write 80s, 500ms or 1min 20s)",
                        "test.toml:4:3: driver.nvme.shutdown: unknown value \"paralel\": did you mean \"parallel\"?",
                        "test.toml:5:1: driver.nvme.timeout: expected a time span such as \"80s\", found the boolean true",
                        "test.toml:6:1: driver.nvme.stop: this key has no meaning here; it may be one of "
                                + "\"shutdown\", \"method\", \"timeout\", \"flush\", \"phases\"",
                        "test.toml:7:1: driver.nvme.flush: expected one of \"auto\", \"always\", \"never\", found the number 3",
                        "test.toml:8:9: driver.nmve: there is no method for this driver: did you mean \"nvme\"? "
                                + "Or add method = \"unbind\" if its remove() is enough to shut it down",
                        "test.toml:10:9: device.nvme[0-9: bracket not closed in the glob \"nvme[0-9\"",
                        "test.toml:12:2: drivers: unknown key \"drivers\": did you mean \"driver\"?",
                        "test.toml:15:1: device.sda.timeout: 0 would leave every device to the kernel; "
                                + "write shutdown = \"kernel\" for that",
                        "test.toml:16:1: device.sda.metod: unknown key \"metod\": did you mean \"method\"?");
    }

    @Test
    void syntaxErrorDoesNotHideOtherProblems() {
        List<ConfigProblem> problems = problemsOf("""
                mode = "of"
                deadline = = "80s"
                [driver.nvme
                shutdown = serial
                flush = "allways"
                """);

        assertThat(problems)
                .extracting(ConfigProblem::toString)
                .satisfiesExactly(
                        mode -> assertThat(mode).startsWith("test.toml:1:1: mode: unknown value \"of\""),
                        deadline -> assertThat(deadline).matches("test.toml:2:\\d+: deadline: not TOML: .*"),
                        table -> assertThat(table)
                                .matches("test.toml:3:\\d+: driver.nvme: not TOML: .* \\(close the bracket\\)"),
                        shutdown -> assertThat(shutdown)
                                .matches(
                                        "test.toml:4:\\d+: driver.nvme.shutdown: not TOML: .* \\(write the value in quotes\\)"),
                        flush -> assertThat(flush).startsWith("test.toml:5:1: driver.nvme.flush: unknown value"));
    }

    @Test
    void duplicateKeyIsAnError() {
        assertThat(problemsOf("mode = \"on\"\nmode = \"off\"\ndeadline = \"5s\"\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.line()).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "86s", "10min", "-5s"})
    void deadlineOutOfRangeIsAnError(String deadline) {
        assertThat(problemsOf("deadline = \"" + deadline + "\"\n")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"driver = 3", "driver.nvme = \"parallel\"", "device = []", "mode = []", "[mode]\n"})
    void valueOfTheWrongTypeIsAnError(String text) {
        assertThat(problemsOf(text))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.line()).isEqualTo(1));
    }

    @Test
    void metricsAreAnAbsolutePath() throws ConfigException {
        assertThat(Configs.FILES.parse("q.toml", "").metrics()).isEmpty();
        assertThat(Configs.FILES
                        .parse("q.toml", "metrics = \"/var/lib/x/../quiesced.prom\"\n")
                        .metrics())
                .contains(Path.of("/var/lib/quiesced.prom"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"quiesced.prom\"", "\"\"", "\"/\"", "\"/var/lib/\"", "3", "true", "\"/a\\u0000b\""})
    void metricsWithoutAnAbsolutePathAreAnError(String value) {
        assertThat(problemsOf("metrics = " + value + "\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("expected the absolute path of a file"));
    }

    @Test
    void unreadableFileIsAnErrorThatNamesTheFile() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> Configs.FILES.read(List.of(directory.resolve("missing.toml"))));

        assertThat(e).hasMessage(directory + "/missing.toml: No such file or directory");
    }

    @Test
    void binaryFileIsAnError() throws IOException {
        Path file = directory.resolve("binary.toml");
        Files.write(file, new byte[] {(byte) 0xC0, (byte) 0xFF, 0});

        assertThat(catchThrowableOfType(ConfigException.class, () -> Configs.FILES.read(List.of(file))))
                .hasMessageContaining("binary.toml: not UTF-8 text");
    }

    @Test
    void emptyFileHasNoProblems() {
        assertThat(problemsOf("")).isEmpty();
    }
}
