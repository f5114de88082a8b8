// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.report.NarrowSpace.HINT;
import static org.quiesced.report.NarrowSpace.assertThatItFits;
import static org.quiesced.report.NarrowSpace.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Output fits the terminal and has colours there, and is whole and plain in a pipe, as with systemd's tools. */
class TerminalHabitsTest {
    private static final String CODES = "\u001b\\[[0-9;]*m";
    private static final List<String> MACHINES = List.of("nvme-24", "sas-60", "cloud-2", "nvme-150");

    /** The verbs whose output is for programs or no text, or has tests beside the daemon or the records. */
    private static final List<String> OTHERS = List.of(
            "capture",
            "cat-config",
            "diff",
            "dot",
            "health",
            "history",
            "monitor",
            "plot",
            "reload",
            "run",
            "simulate",
            "status",
            "verify");

    @TempDir
    private Path directory;

    /** Each verb whose text has tables or sentences, for a machine. */
    private static Stream<String> commandLines(String machine) {
        return Stream.of(
                        "plan %s",
                        "plan %s --all",
                        "tree --machine=%s",
                        "doctor --machine=%s",
                        "time --machine=%s",
                        "blame --machine=%s",
                        "critical-chain --machine=%s",
                        "report --machine=%s",
                        "explain 0 --machine=%s")
                .map(line -> String.format(line, machine))
                .map(line -> line.replace("explain 0", "explain " + (machine.startsWith("sas") ? "sda" : "nvme0")));
    }

    static Stream<String> commandLines() {
        return MACHINES.stream().flatMap(TerminalHabitsTest::commandLines);
    }

    static Stream<Arguments> onTerminals() {
        return commandLines().flatMap(line -> Stream.of(80, 40).map(columns -> Arguments.of(line, columns)));
    }

    private static String[] with(String commandLine, String... options) {
        List<String> arguments = new ArrayList<>(List.of(commandLine.split(" ")));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    private static List<String> withoutHint(List<String> lines) {
        int hint = String.join("\n", lines).replace('\n', ' ').lastIndexOf(HINT);
        return hint < 0
                ? lines
                : String.join("\n", lines).substring(0, hint).lines().toList();
    }

    @Test
    void eachVerbIsTried() {
        Stream<String> tried = commandLines("cloud-2").map(line -> line.split(" ")[0]);

        assertThat(Stream.concat(tried.distinct(), OTHERS.stream()))
                .containsExactlyInAnyOrderElementsOf(HabitsTest.verbs());
    }

    @ParameterizedTest
    @MethodSource("onTerminals")
    void noLineIsLongerThanTheTerminalAndNoNumberIsCut(String commandLine, int columns) {
        List<String> piped = Command.run(with(commandLine)).lines();
        List<String> shown =
                Screen.of(columns, "NO_COLOR=1").run(with(commandLine)).lines();

        assertThatItFits(withoutHint(shown), piped, columns);
        assertThat(shown).allMatch(line -> line.length() <= columns);
    }

    @ParameterizedTest
    @MethodSource("onTerminals")
    void nothingIsLostWithFull(String commandLine, int columns) {
        List<String> piped = Command.run(with(commandLine)).lines();

        for (String option : List.of("-l", "--full")) {
            assertThat(words(Screen.of(columns, "NO_COLOR=1")
                            .run(with(commandLine, option))
                            .lines()))
                    .isEqualTo(words(piped));
        }
        assertThat(Command.run(with(commandLine, "--full")).lines()).isEqualTo(piped);
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void nothingIsLostInAPager(String commandLine) throws IOException {
        Path seen = directory.resolve("seen");
        Path pager = Files.writeString(directory.resolve("pager"), "#!/bin/sh\ncat >" + seen + "\n");
        assertThat(pager.toFile().setExecutable(true)).isTrue();

        Command paged = Screen.of(40, "NO_COLOR=1", "SYSTEMD_PAGERSECURE=1", "PAGER=" + pager)
                .run(with(commandLine));

        assertThat(paged.out()).isEmpty();
        assertThat(words(Files.readAllLines(seen)))
                .isEqualTo(words(Command.run(with(commandLine)).lines()));
    }

    @ParameterizedTest
    @MethodSource("onTerminals")
    void coloursChangeNoCharacter(String commandLine, int columns) {
        Command coloured = Screen.of(columns).run(with(commandLine));
        Command plain = Screen.of(columns, "NO_COLOR=1").run(with(commandLine));

        assertThat(plain.out()).doesNotContain("\u001b");
        assertThat(coloured.lines().stream()
                        .map(line -> line.replaceAll(CODES, "").stripTrailing()))
                .isEqualTo(plain.lines());
    }

    @Test
    void headsAreUnderlinedAndGoodStatesGreen() {
        assertThat(Screen.of(80).run("doctor", "--machine=cloud-2").lines())
                .startsWith("\u001b[0;4mSTATE  CHECK     FINDING" + " ".repeat(42) + "\u001b[0m")
                .contains("\u001b[0;1;32mok\u001b[0m     plan      2 drives in parallel");
    }

    @Test
    void aHintSaysThatColumnsAreShortened() {
        assertThat(Screen.of(80, "NO_COLOR=1").run("tree", "--machine=nvme-24").lines())
                .endsWith(HINT);
        assertThat(Screen.of(80).run("tree", "--machine=nvme-24", "-l").out()).doesNotContain(HINT);
        assertThat(Screen.of(200).run("tree", "--machine=nvme-24").out()).doesNotContain(HINT);
    }

    @ParameterizedTest
    @CsvSource({"80", "40"})
    void theResultOfASimulationWraps(int columns) {
        String piped = Command.run("simulate", "sas-60").out();
        String dumb = Screen.of(columns, "TERM=dumb").run("simulate", "sas-60").out();

        assertThat(words(dumb.lines().toList())).isEqualTo(words(piped.lines().toList()));
        assertThat(dumb.lines()).allMatch(line -> line.length() <= columns);
    }

    /** JSON, pictures and files are copied or read by programs. */
    @ParameterizedTest
    @CsvSource({
        "plan nvme-24 --json",
        "blame --machine=nvme-24 --json=short",
        "plot --machine=cloud-2",
        "dot --machine=cloud-2",
        "cat-config --machine=cloud-2",
        "report --machine=cloud-2 --trace"
    })
    void whatProgramsReadIsTheSameOnATerminal(String commandLine) {
        assertThat(Screen.of(40).run(with(commandLine))).isEqualTo(Command.run(with(commandLine)));
    }

    @Test
    void hintIsShownOnlyIfSomethingIsMissing() {
        String full = letters(Screen.of(60).run("blame", "--machine=nvme-24", "--full"));

        for (int columns = 50; columns < 120; columns++) {
            String fitted = letters(Screen.of(columns).run("blame", "--machine=nvme-24"));
            assertThat(fitted.endsWith(HINT.replace(" ", "")))
                    .as("%d columns", columns)
                    .isEqualTo(!fitted.startsWith(full));
        }
    }

    private static String letters(Command command) {
        return command.out().replaceAll("\\s", "");
    }
}
