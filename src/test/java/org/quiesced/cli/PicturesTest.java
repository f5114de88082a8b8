// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quiesced.chart.TerminalPicture;

/** The pictures of the README equal the output of the command. "packaging/pictures" writes them with this test. */
class PicturesTest {
    private static final String MACHINE = "nvme-24";
    private static final boolean WRITES = "write".equals(System.getProperty("quiesced.pictures"));

    private static void assertThatItIsCurrent(String name, List<String> lines) throws IOException {
        Path file = Path.of("src/doc").resolve(name);
        if (WRITES) {
            Files.write(file, lines);
        }
        assertThat(Files.readAllLines(file))
                .as(name + " is not current: run packaging/pictures")
                .isEqualTo(lines);
    }

    private static void add(TerminalPicture terminal, String command, long most) {
        String[] arguments = command.split(" ");
        List<String> output = Command.run(
                        List.of(arguments).subList(1, arguments.length).toArray(String[]::new))
                .lines();
        boolean isCut = output.size() > most;
        terminal.add(
                command + (isCut ? " | head" : ""), output.stream().limit(most).toList());
    }

    @Test
    void plotOfTheReadmeIsCurrent() throws IOException {
        assertThatItIsCurrent(
                "nvme-24.svg", Command.run("plot", "--machine=" + MACHINE).lines());
    }

    @Test
    void terminalPictureOfTheReadmeIsCurrent() throws IOException {
        TerminalPicture terminal = new TerminalPicture();
        add(terminal, "quiescectl plan " + MACHINE, Long.MAX_VALUE);
        add(terminal, "quiescectl blame --machine=" + MACHINE, 10);

        assertThatItIsCurrent("terminal.svg", terminal.lines("quiescectl plan and blame"));
    }

    @Test
    void readmeOpensWithBothPictures() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme.indexOf("(src/doc/nvme-24.svg)")).isPositive().isLessThan(readme.indexOf("## "));
        assertThat(readme.indexOf("(src/doc/terminal.svg)")).isPositive().isLessThan(readme.indexOf("## "));
    }
}
