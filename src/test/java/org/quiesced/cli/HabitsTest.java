// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command behaves like systemd's tools: its errors, its options, and the terminal. */
class HabitsTest {
    private static final String ESCAPE = "\u001b";

    private static Command onScreen(int columns, String... arguments) {
        return Screen.of(columns, "NO_COLOR=1").run(arguments);
    }

    static List<String> verbs() {
        return Command.run("--help")
                .out()
                .lines()
                .filter(line -> line.matches("  [a-z-]+  .*"))
                .map(line -> line.strip().split(" ")[0])
                .toList();
    }

    private static String[] with(String verb, String... more) {
        return Stream.concat(Stream.of(verb), Stream.of(more)).toArray(String[]::new);
    }

    private static void assertThatItIsRefused(String... arguments) {
        Command command = Command.run(arguments);

        assertThat(command.code()).as(String.join(" ", arguments)).isEqualTo(1);
        assertThat(command.out()).isEmpty();
        assertThat(command.err().lines()).hasSize(1);
        assertThat(command.err())
                .startsWith("quiescectl: ")
                .contains("--help\")")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate --help",
                "--help frobnicate",
                "-h frobnicate",
                "frobnicate --version",
                "--no-pager frobnicate",
                "frobnicate plan --help"
            })
    void anUnknownVerbIsAnErrorWithHelpToo(String commandLine) {
        assertThatItIsRefused(commandLine.split(" "));
    }

    @Test
    void thereAreVerbs() {
        assertThat(verbs()).hasSizeGreaterThan(20).contains("status", "diff", "cat-config");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void eachVerbHasHelpAndRefusesAnUnknownOption(String verb) {
        Command help = Command.run(verb, "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("Usage: quiescectl " + verb + " ").contains("--no-pager");
        assertThat(help.err()).isEmpty();
        assertThatItIsRefused(verb, "--frobnicate");
    }

    /** {@code reload} prints nothing; {@code plot} and {@code dot} print a picture and a graph. */
    @Test
    void eachVerbThatReportsSomethingHasJson() {
        assertThat(verbs().stream()
                        .filter(verb -> !Command.run(verb, "--help").out().contains("--json")))
                .containsExactlyInAnyOrder("reload", "plot", "dot");
    }

    /** Without {@code verify}, which takes any number of files. */
    @ParameterizedTest
    @CsvSource({
        "status, 0",
        "plan, 1",
        "monitor, 0",
        "reload, 0",
        "run, 0",
        "simulate, 1",
        "capture, 1",
        "time, 1",
        "blame, 1",
        "critical-chain, 1",
        "history, 0",
        "report, 1",
        "diff, 2",
        "plot, 1",
        "dot, 1",
        "tree, 1",
        "explain, 1",
        "cat-config, 1",
        "doctor, 1",
        "health, 0"
    })
    void tooManyArgumentsAreAnError(String verb, int most) {
        List<String> arguments = new ArrayList<>(List.of(verb));
        if (verb.equals("run")) {
            arguments.addAll(List.of("--verb=reboot", "--dry-run"));
        }
        for (int i = 0; i <= most; i++) {
            arguments.add("extra");
        }
        assertThatItIsRefused(arguments.toArray(String[]::new));
    }

    @Test
    void eachVerbIsTriedWithTooManyOfThem() throws NoSuchMethodException {
        String[] tried = getClass()
                .getDeclaredMethod("tooManyArgumentsAreAnError", String.class, int.class)
                .getAnnotation(CsvSource.class)
                .value();

        assertThat(Stream.concat(Stream.of("verify"), Stream.of(tried).map(row -> row.split(",")[0])))
                .containsExactlyInAnyOrderElementsOf(verbs());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plan nvme-24",
                "tree --machine=nvme-24",
                "blame --machine=nvme-24",
                "dot --machine=nvme-24",
                "plot --machine=nvme-24",
                "simulate cloud-2",
                "verify config/quiesced.toml"
            })
    void optionsMayStandBeforeTheVerb(String commandLine) {
        List<String> behind = new ArrayList<>(List.of(commandLine.split(" ")));
        List<String> before = new ArrayList<>(behind);
        behind.add("--no-pager");
        before.add(0, "--no-pager");

        Command expected = Command.run(commandLine.split(" "));
        assertThat(expected.code()).isZero();
        assertThat(Command.run(behind.toArray(String[]::new))).isEqualTo(expected);
        assertThat(Command.run(before.toArray(String[]::new))).isEqualTo(expected);
    }

    @Test
    void soMayThoseOfJsonAndOfAMachine() {
        Command expected = Command.run("tree", "--json=short", "--machine=cloud-2");

        assertThat(Command.run("--json=short", "--machine=cloud-2", "tree")).isEqualTo(expected);
        assertThat(Command.run("--json", "plan", "cloud-2")).isEqualTo(Command.run("plan", "cloud-2", "--json"));
        assertThatItIsRefused("--machine=cloud-2", "status");
        assertThat(Command.run("--help", "plan").out())
                .isEqualTo(Command.run("--help").out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "plan --help",
                "plan nvme-24",
                "tree --machine=nvme-24",
                "explain nvme0 --machine=nvme-24",
                "doctor --machine=nvme-24",
                "time --machine=nvme-24",
                "blame --machine=nvme-24",
                "critical-chain --machine=nvme-24",
                "report --machine=nvme-24",
                "cat-config --machine=nvme-24",
                "plan nvme-24 --json",
                "plot --machine=nvme-24",
                "dot --machine=nvme-24"
            })
    void noOutputHasColoursWithNoColor(String commandLine) {
        List<String> arguments = new ArrayList<>(List.of(commandLine.split(" ")));
        if (!arguments.contains("--help")) {
            arguments.add("--no-pager");
        }
        Command command = onScreen(80, arguments.toArray(String[]::new));

        assertThat(command.code()).isZero();
        assertThat(command.out()).isNotEmpty().doesNotContain(ESCAPE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 40, 80, 81, 200})
    void theBarsOfASimulationFitTheTerminalAndHaveNoColours(int columns) {
        String out = onScreen(columns, "simulate", "nvme-24").out();
        String drawn = out.substring(0, out.lastIndexOf(ESCAPE));
        String visible = drawn.replaceAll(ESCAPE + "\\[(\\d+A|K)", "");

        assertThat(visible).doesNotContain(ESCAPE);
        assertThat(drawn).contains(ESCAPE + "[K\n");
        // The line of totals is short, and is not truncated.
        assertThat(visible.lines().filter(line -> !line.matches("\\d+ of \\d+ down, .*|and \\d+ more")))
                .isNotEmpty()
                .allMatch(line -> line.length() < columns);
    }

    @ParameterizedTest
    @CsvSource({"40, false", "80, true"})
    void aNarrowTerminalHasTheWordsAndNoBar(int columns, boolean hasBars) {
        String out = onScreen(columns, "simulate", "nvme-24").out();

        assertThat(out).contains("down after 4.50s");
        assertThat(out.contains("[###")).isEqualTo(hasBars);
    }

    @ParameterizedTest
    @CsvSource({"40, 55", "80, 80", "120, 120"})
    void helpIsAsWideAsTheTerminal(int columns, int widest) {
        for (String verb : verbs()) {
            assertThat(onScreen(columns, verb, "--help").lines())
                    .as(verb)
                    .isNotEmpty()
                    .allMatch(line -> line.length() <= widest);
        }
    }
}
