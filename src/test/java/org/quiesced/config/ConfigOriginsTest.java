// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigOriginsTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void makeDirectory() throws IOException {
        file = directory.resolve("quiesced.toml");
        Files.createDirectory(directory.resolve("conf.d"));
    }

    private void write(String name, String... lines) throws IOException {
        Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
    }

    private String described(String key, String driver, String... names) throws ConfigException {
        return ConfigFiles.origins(file)
                .deciding(key, driver, List.of(names))
                .map(value -> value.describe() + " " + value.where())
                .orElse("nothing");
    }

    @Test
    void defaultsHoldWithoutFiles() throws ConfigException {
        assertThat(ConfigFiles.origins(file).values())
                .extracting(value -> value.key() + "=" + value.value() + " " + value.where())
                .containsExactly(
                        "mode=\"safe\" default",
                        "deadline=\"80s\" default",
                        "handover=\"auto\" default",
                        "early=\"released\" default",
                        "root=\"auto\" default",
                        "last_resort=\"30s\" default",
                        "limit=\"off\" default");
    }

    /** A reported default must be the default of the program. */
    @Test
    void defaultsAreThoseOfTheProgram() throws ConfigException {
        StringBuilder text = new StringBuilder();
        ConfigFiles.origins(file)
                .values()
                .forEach(value -> text.append(value.describe()).append('\n'));

        assertThat(new ConfigFiles(new KnownDrivers(Map.of(), Map.of())).parse("x", text.toString()))
                .isEqualTo(Config.DEFAULT);
    }

    @Test
    void lastFileDecidesAndOverriddenFilesAreNamed() throws Exception {
        write("quiesced.toml", "# a comment", "mode = \"safe\"");
        write("conf.d/20.toml", "mode = \"off\"");
        write("conf.d/10.toml", "", "", "mode = \"on\"");

        ConfigOrigins.Value mode = ConfigFiles.origins(file).top("mode").orElseThrow();
        assertThat(mode.place())
                .isEqualTo(Optional.of(new ConfigOrigins.Place(
                        directory.resolve("conf.d/20.toml").toString(), 1, "\"off\"")));
        assertThat(mode.overridden())
                .extracting(ConfigOrigins.Place::where)
                .containsExactly(file + ":2", directory.resolve("conf.d/10.toml") + ":3");
    }

    @Test
    void deviceOverridesItsDriverKeyByKey() throws Exception {
        write(
                "quiesced.toml",
                "[driver.nvme]",
                "shutdown = \"parallel\"",
                "timeout = \"20s\"",
                "[device.\"nvme[01]\"]",
                "shutdown = \"kernel\"");

        assertThat(described("shutdown", "nvme", "0000:01:00.0", "nvme1"))
                .isEqualTo("[device.\"nvme[01]\"] shutdown = \"kernel\" " + file + ":5");
        assertThat(described("timeout", "nvme", "nvme1")).isEqualTo("[driver.nvme] timeout = \"20s\" " + file + ":3");
        assertThat(described("shutdown", "nvme", "nvme2"))
                .isEqualTo("[driver.nvme] shutdown = \"parallel\" " + file + ":2");
        assertThat(described("shutdown", "sd", "sda")).isEqualTo("nothing");
    }

    /** A table keeps the place of its first appearance, as in {@link Config#devices()}. */
    @Test
    void lastGlobDecides() throws Exception {
        write("quiesced.toml", "[device.\"nvme*\"]", "stop = \"never\"", "[device.nvme1]", "stop = \"auto\"");
        write("conf.d/10.toml", "[device.\"nvme*\"]", "stop = \"always\"");

        assertThat(described("stop", "nvme", "nvme1")).isEqualTo("[device.\"nvme1\"] stop = \"auto\" " + file + ":4");
        assertThat(described("stop", "nvme", "nvme2"))
                .startsWith("[device.\"nvme*\"] stop = \"always\" ")
                .endsWith("10.toml:2");
    }

    @Test
    void listsAndTablesAreShownVerbatim() throws Exception {
        write("quiesced.toml", "[driver.nvme]", "phases = { poweroff = [ \"late\" ], reboot = [] }");

        assertThat(described("phases", "nvme"))
                .isEqualTo("[driver.nvme] phases = { poweroff = [\"late\"], reboot = [] } " + file + ":2");
    }

    @Test
    void invalidFileHasOrigins() throws Exception {
        write("quiesced.toml", "mode = ", "deadline = \"10s\"", "[device.\"nvme[\"]", "stop = 1");

        assertThat(ConfigFiles.origins(file).top("deadline").orElseThrow().where())
                .isEqualTo(file + ":2");
        assertThat(described("stop", "nvme", "nvme1")).isEqualTo("nothing");
    }

    @Test
    void unreadableFileIsNamed() {
        assertThatThrownBy(() -> ConfigFiles.origins(List.of(directory.resolve("none.toml"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.toml: No such file or directory");
    }

    @Test
    void shippedOriginsAreThoseOfTheShippedFile() {
        assertThat(ConfigFiles.shippedOrigins().deciding("shutdown", "nvme", List.of()))
                .hasValueSatisfying(value -> assertThat(value.value()).isEqualTo("\"parallel\""));
    }
}
