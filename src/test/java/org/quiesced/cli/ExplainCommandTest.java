// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.ConfigFiles;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;
import org.quiesced.report.Explanation;
import org.quiesced.report.PlanJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs "explain" and "cat-config". */
class ExplainCommandTest {
    @TempDir
    private Path directory;

    private String config(String... lines) throws IOException {
        return "--config=" + Files.writeString(directory.resolve("c.toml"), String.join("\n", lines) + "\n");
    }

    private static Command explain(String device, String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "explain";
        arguments[1] = device;
        arguments[2] = "--machine=nvme-24";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Command.run(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nvme1",
                "nvme1n1",
                "/dev/nvme1n1",
                "0000:13:00.0",
                "/sys/devices/pci0000:00/0000:00:01.0/0000:10:00.0/0000:11:01.0/0000:13:00.0",
                "/devices/pci0000:00/0000:00:01.0/0000:10:00.0/0000:11:01.0/0000:13:00.0"
            })
    void deviceIsFoundByEachOfItsNames(String name) {
        assertThat(explain(name).lines()).startsWith("0000:13:00.0 (nvme1)");
    }

    @Test
    void driveOfAPoolNamesTheLineThatReleasesIt() throws IOException {
        MachineBuilder builder = new MachineBuilder("pool");
        builder.inUse(
                builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3)),
                new DiskUser(
                        new User.ZfsPool("tank", Optional.empty()),
                        Release.NEVER,
                        Optional.of(new Stack(Set.of(HolderKind.ZFS), Set.of("tank"), Release.EARLY))));
        Path machine = Files.writeString(
                directory.resolve("pool.json"), MachineFile.of(builder.build()).toJson(true));

        assertThat(Command.run("explain", "nvme0", "--machine=" + machine).lines())
                .contains(
                        "     change: to stop its unused holder, so that it goes down early, set release = [\"zfs\"] in"
                                + " quiesced.toml:47");
    }

    @Test
    void factsNameTheLineOfTheConfiguration() throws IOException {
        String config = config("mode = \"safe\"", "[driver.nvme]", "shutdown = \"serial\"", "timeout = \"20s\"");
        String file = directory.resolve("c.toml").toString();

        assertThat(explain("nvme0", config).lines())
                .containsExactly(
                        "0000:12:00.0 (nvme0)",
                        "disposition: goes down one by one, in the phase late",
                        "    because: opted in, one by one",
                        "     driver: nvme, by the method nvme",
                        "       step: flush nvme0n1 if there is a volatile write cache",
                        "             unbind nvme (normal shutdown notification)",
                        "       time: 4.50s",
                        " configured: mode = \"safe\"  # " + file + ":1",
                        "             early = \"released\"  # default",
                        "             [driver.nvme] shutdown = \"serial\"  # " + file + ":3",
                        "             [driver.nvme] timeout = \"20s\"  # " + file + ":4",
                        "     change: to leave it to the kernel, add [device.\"nvme0\"] shutdown = \"kernel\"",
                        "             to shut it down in parallel, set shutdown = \"parallel\" in " + file + ":3");
    }

    @Test
    void optedOutDriveNamesTheLineToChange() throws IOException {
        String config = config("[driver.nvme]", "shutdown = \"parallel\"", "[device.nvme3]", "shutdown = \"kernel\"");

        assertThat(explain("nvme3", config).out())
                .contains("because: opted out", "set shutdown = \"parallel\" in " + directory.resolve("c.toml") + ":4");
    }

    @Test
    void driveInUseNamesItsUser() throws IOException {
        MachineBuilder builder = new MachineBuilder("used");
        builder.inUse(builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3)), "held by dm-0");
        Path machine = Files.writeString(
                directory.resolve("used.json"), MachineFile.of(builder.build()).toJson(true));

        assertThat(Command.run("explain", "nvme0", "--machine=" + machine).out())
                .contains("user: held by dm-0, which stays", "its user has to release it")
                .doesNotContain("root = ");
    }

    @Test
    void driveOfTheRootFileSystemNamesTheKeyRoot() {
        assertThat(explain("nvme24").lines())
                .contains(
                        "    because: nvme24n1 is in use: held by md0, mounted on /, no exitrd: this plan assumes none")
                .anyMatch(line -> line.matches(" +root = \"auto\"  # quiesced\\.toml:\\d+"))
                .contains("     change: nothing in the configuration: this plan assumes no exitrd")
                .anyMatch(line -> line.contains("with quiesced.service, it goes down in an exitrd"));
    }

    @Test
    void driveOfTheRootFileSystemNamesTheLineThatExcludesAnExitrd() throws IOException {
        String config = config("root = \"never\"", "[driver.nvme]", "shutdown = \"parallel\"");
        String line = directory.resolve("c.toml") + ":1";

        assertThat(explain("nvme24", config).lines())
                .contains(
                        "             root = \"never\"  # " + line,
                        "     change: to shut it down in an exitrd where that saves time, set root = \"auto\" in "
                                + line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "doctor", "tree", "simulate"})
    void eachPlanOfAMachineSaysThatItAssumesNoExitrd(String verb) {
        assertThat(Command.run(verb, "nvme-24").out()).contains("no exitrd: this plan assumes none");
    }

    @Test
    void bridgeWaitsForTheDrivesBelowIt() {
        assertThat(explain("0000:11:01.0").out())
                .contains("waits for: 0000:13:00.0 (nvme1), goes down in parallel", "nothing: it is not a drive");
    }

    @Test
    void modeOffNamesItsLine() throws IOException {
        assertThat(explain("nvme0", config("", "mode = \"off\"")).out())
                .contains("set mode = \"safe\" or \"on\" in " + directory.resolve("c.toml") + ":2");
    }

    /** The service may have read the files before they were changed. */
    @Test
    void planOfAnOlderConfigurationIsReported() throws Exception {
        PlanJson plan = JsonMapper.shared()
                .readValue(Command.run("plan", "cloud-2", "--json").out(), PlanJson.class);
        PlanJson.Entry drive = plan.devices().stream()
                .filter(PlanJson.Entry::supported)
                .findFirst()
                .orElseThrow();
        Path none = directory.resolve("none.toml");

        assertThat(Explanation.of(drive, List.of(), List.of(), ConfigFiles.origins(none))
                        .page()
                        .lines())
                .anyMatch(line -> line.contains("the files have changed since"));
        assertThat(Explanation.of(drive, List.of(), List.of(), ConfigFiles.shippedOrigins())
                        .page()
                        .lines())
                .noneMatch(line -> line.contains("the files have changed since"));
    }

    @Test
    void jsonNamesThePlaceOfEachFact() {
        JsonNode facts = explain("nvme0", "--json").json().get("facts");

        assertThat(facts).anySatisfy(fact -> {
            assertThat(fact.get("text").asString()).isEqualTo("[driver.nvme] shutdown = \"parallel\"");
            assertThat(fact.get("where").asString()).matches("quiesced\\.toml:\\d+");
        });
    }

    @Test
    void unknownDeviceGetsASuggestion() {
        assertThat(explain("nvem3").err()).contains("no device \"nvem3\" with a driver: did you mean \"nvme3\"?");
        assertThat(explain("nvem3").code()).isEqualTo(1);
    }

    @Test
    void catConfigShowsFilesAndValues() throws IOException {
        String config = config("# why", "deadline = \"10s\"", "", "[driver.nvme]", "shutdown = \"parallel\"");
        String file = directory.resolve("c.toml").toString();

        assertThat(Command.run("cat-config", "--tldr", config).lines())
                .startsWith(
                        "# " + file,
                        "deadline = \"10s\"",
                        "[driver.nvme]",
                        "shutdown = \"parallel\"",
                        "",
                        "# Values in force",
                        "mode = \"safe\"  # default",
                        "deadline = \"10s\"  # " + file + ":2")
                .endsWith("", "[driver.nvme]", "shutdown = \"parallel\"  # " + file + ":5");
        assertThat(Command.run("cat-config", config).out()).contains("# why\n");
    }

    @Test
    void catConfigShowsAnInvalidFileAndFails() throws IOException {
        Command command = Command.run("cat-config", config("mode = \"fast\""));

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.out()).contains("mode = \"fast\"");
        assertThat(command.err()).contains(":1:1: mode: unknown value");
    }

    @Test
    void catConfigOfAMachineShowsTheShippedConfiguration() {
        JsonNode origins =
                Command.run("cat-config", "--machine=cloud-2", "--json=short").json();

        assertThat(origins.at("/files/0/file").asString()).isEqualTo("quiesced.toml");
        assertThat(Command.run("cat-config", "--machine=none").code()).isEqualTo(1);
    }
}
