// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlotCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"cloud-2", "nvme-24", "sas-60", "nvme-150"})
    void eachBuiltInMachineHasAPicture(String machine) {
        Command plot = Command.run("plot", "--machine=" + machine, "--verb=poweroff");

        assertThat(plot.code()).isZero();
        assertThat(plot.err()).isEmpty();
        assertThat(plot.out()).startsWith("<svg xmlns=").endsWith("</svg>\n");
        assertThat(plot.out()).contains("class=\"removal\"", "class=\"replaced\"");
    }

    @Test
    void recordInAFileIsPlottedLikeItsShutdown(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("record.json");
        Files.writeString(
                file, Command.run("report", "--machine=nvme-24", "--json").out());

        assertThat(Command.run("plot", "--shutdown=" + file).out())
                .isEqualTo(Command.run("plot", "--machine=nvme-24").out());
    }

    @Test
    void pictureContainsTheDevicesOfTheKernel() {
        assertThat(Command.run("plot", "--machine=nvme-24").out())
                .contains("class=\"kernel\"", "the kernel&#39;s: nvme24n1 is in use: held by md0, mounted on /");
    }

    @Test
    void pageIsHtml() {
        assertThat(Command.run("plot", "--machine=cloud-2", "--html").out())
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--machine=nvem-24", "--shutdown=/no/such/file", "--machine=cloud-2 --shutdown=1", "extra"})
    void badInputFailsWithOneLine(String arguments) {
        Command plot = Command.run(("plot " + arguments).split(" "));

        assertThat(plot.code()).isEqualTo(1);
        assertThat(plot.out()).isEmpty();
        assertThat(plot.err().lines()).hasSize(1);
    }

    @Test
    void damagedRecordIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("3.json"), "{\"format\": \"quiesced-shut");

        assertThat(Command.run("plot", "--shutdown=" + file).err()).contains("3.json: damaged");
    }
}
