// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Colours and the size of the terminal are chosen by the environment as in systemd's tools. */
class ColoursTest {
    private record Pipe(Map<String, String> environment) implements Terminal {
        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public int rows() {
            return 24;
        }

        @Override
        public int columns() {
            return 80;
        }
    }

    private static boolean inAPipe(String variable, String value) {
        return Colours.areOn(new Pipe(Map.of("TERM", "xterm", variable, value)));
    }

    @Test
    void aTerminalHasColoursAndAPipeHasNone() {
        assertThat(Colours.areOn(Screen.of(80))).isTrue();
        assertThat(Colours.areOn(new Pipe(Map.of("TERM", "xterm")))).isFalse();
        assertThat(Colours.areOn(Terminal.NONE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO_COLOR=1", "NO_COLOR=0", "TERM=dumb", "TERM=", "SYSTEMD_COLORS=0", "SYSTEMD_COLORS=No"})
    void variablesDisableThem(String variable) {
        assertThat(Colours.areOn(Screen.of(80, variable))).isFalse();
    }

    @Test
    void anEmptyNoColorHasNoEffect() {
        assertThat(Colours.areOn(Screen.of(80, "NO_COLOR="))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "true, true",
        "16, true",
        "256, true",
        "24bit, true",
        "0, false",
        "auto-16, false",
        "x, false"
    })
    void systemdColorsDecidesInAPipeToo(String value, boolean coloured) {
        assertThat(inAPipe("SYSTEMD_COLORS", value)).isEqualTo(coloured);
    }

    @Test
    void systemdColorsPrecedesTheOthers() {
        assertThat(Colours.areOn(Screen.of(80, "SYSTEMD_COLORS=1", "NO_COLOR=1", "TERM=dumb")))
                .isTrue();
        assertThat(Colours.areOn(Screen.of(80, "SYSTEMD_COLORS=auto-256", "NO_COLOR=1")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "65535, 65535", "0, otherwise", "65536, otherwise", "wide, otherwise", "'', otherwise"})
    void columnsAndLinesOverrideTheSizeOfTheTerminal(String value, String expected) {
        Map<String, String> environment = new HashMap<>(Map.of("COLUMNS", value, "LINES", value));
        Terminal measured = new StandardOutput(Map.of());
        Terminal given = new StandardOutput(environment);

        assertThat(given.columns())
                .isEqualTo(expected.equals("otherwise") ? measured.columns() : Integer.parseInt(expected));
        assertThat(given.rows()).isEqualTo(expected.equals("otherwise") ? measured.rows() : Integer.parseInt(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "LANG, en_US.UTF-8, true",
        "LANG, C.utf8, true",
        "LANG, C, false",
        "LC_ALL, POSIX, false",
        "LC_CTYPE, de_DE, false",
        "LANGUAGE, de, true"
    })
    void encodingIsThatOfTheLocale(String variable, String locale, boolean isUtf8) {
        assertThat(Screen.of(80, variable + "=" + locale).isUtf8()).isEqualTo(isUtf8);
    }

    @Test
    void treesAreDrawnInAsciiWhereTheLocaleHasNoOtherLines() {
        Command tree = Screen.of(40, "LC_ALL=C", "LANG=C.UTF-8").run("tree", "--machine=sas-60");

        assertThat(tree.out())
                .containsPattern("(?m)^`-")
                .containsPattern("(?m)^  \\|-")
                .contains("+");
        assertThat(tree.out().chars()).allMatch(letter -> letter < 128);
    }
}
