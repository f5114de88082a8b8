// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table in a narrow space gives up blanks, then the ends of texts, then the beginnings of names, then columns. */
class TableTest {
    private static final String RED = "\u001b[0;1;31m";
    private static final String UNDERLINED = "\u001b[0;4m";
    private static final String RESET = "\u001b[0m";

    private static Table table() {
        Table table = new Table(
                Column.name("DEVICE"), Column.word("DRIVER").leftOut(1), Column.number("TIME"), Column.text("WHY", 6));
        table.row("0000:01:00.0 (nvme0)", "nvme", "1000.25s", "in use by everyone");
        table.row("├─port", "pcieport", "85ms", "-");
        return table;
    }

    private static List<String> at(int width) {
        return table().lines(new Layout(width, width, false));
    }

    @Test
    void aTableThatFitsIsWhole() {
        assertThat(table().lines(Layout.PLAIN))
                .isEqualTo(at(60))
                .containsExactly(
                        "DEVICE                DRIVER        TIME  WHY",
                        "0000:01:00.0 (nvme0)  nvme      1000.25s  in use by everyone",
                        "├─port                pcieport      85ms  -");
    }

    @Test
    void blanksBetweenColumnsAreGivenUpFirst() {
        assertThat(at(57))
                .containsExactly(
                        "DEVICE               DRIVER       TIME WHY",
                        "0000:01:00.0 (nvme0) nvme     1000.25s in use by everyone",
                        "├─port               pcieport     85ms -");
    }

    @Test
    void textsAreShortenedAtTheirEndAndThenNamesAtTheirBeginning() {
        assertThat(at(50).get(1)).isEqualTo("0000:01:00.0 (nvme0) nvme     1000.25s in use by…");
        assertThat(at(41))
                .containsExactly(
                        "DEVICE           DRIVER       TIME WHY",
                        "…01:00.0 (nvme0) nvme     1000.25s in us…",
                        "├─port           pcieport     85ms -");
    }

    @Test
    void columnsAreLeftOutWhereShorteningIsNotEnough() {
        assertThat(at(32))
                .containsExactly(
                        "DEVICE               TIME WHY",
                        "…01:00.0 (nvme0) 1000.25s in us…",
                        "├─port               85ms -");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 15, 20, 25, 30})
    void numbersStayWholeInAnySpaceThatTheyFit(int width) {
        assertThat(at(width)).allMatch(line -> line.length() <= width).anyMatch(line -> line.contains("1000.25s"));
    }

    @ParameterizedTest
    @CsvSource({
        "after 100 s of 900, 9, after…",
        "after 100 s of 900, 10, after 100…",
        "took 4.20s, 9, took…",
        "Wed 2026-11-18 11:06:40, 17, Wed 2026-11-18…",
        "held by md127, 12, held by md…",
        "2026, 3, …"
    })
    void aShortenedTextHasNoPartOfANumber(String text, int width, String expected) {
        assertThat(Column.text("WHY", 3).shortened(text, width)).isEqualTo(expected);
    }

    @Test
    void namesInADeepTreeStayReadable() {
        Table tree = new Table(Column.name("DEVICE"), Column.number("TIME"), Column.text("WHY", 8));
        tree.row("└─0000:10:00.0", "-", "no method for it");
        tree.row("  │ └─0000:12:00.0 (nvme10)", "4.50s", "opted in");

        assertThat(tree.lines(new Layout(28, 28, false)))
                .containsExactly(
                        "DEVICE           TIME WHY", "└─0000:10:00.0      - no me…", "  │ └─…(nvme10) 4.50s opted…");
    }

    @Test
    void theBranchOfATreeStays() {
        assertThat(Column.name("DEVICE").shortened("│ └─0000:01:00.0 (nvme0)", 14))
                .isEqualTo("│ └─…0 (nvme0)");
    }

    @Test
    void proseWrapsInItsColumnAndIsWhole() {
        Table table = new Table(Column.word("STATE"), Column.prose("FINDING"));
        table.row("ok", "the hook is in place and is called");

        assertThat(table.lines(new Layout(25, 25, false)))
                .isEqualTo(table.lines(new Layout(Layout.UNLIMITED, 25, false)))
                .containsExactly("STATE  FINDING", "ok     the hook is in", "       place and is", "       called");
        assertThat(table.lines(Layout.PLAIN)).contains("ok     the hook is in place and is called");
    }

    @Test
    void colourCodesDoNotCountAsWidth() {
        Table table = new Table(Column.text("OUTCOME", 5), Column.number("TIME"));
        table.row(List.of(new Cell("unconfirmed", Style.BAD), Cell.of("12ms")));

        assertThat(table.lines(new Layout(Layout.UNLIMITED, Layout.UNLIMITED, true)))
                .containsExactly(UNDERLINED + "OUTCOME      TIME" + RESET, RED + "unconfirmed" + RESET + "  12ms");
        assertThat(table.lines(new Layout(12, 12, true)).get(1)).isEqualTo(RED + "unconf…" + RESET + " 12ms");
    }

    @Test
    void paragraphsWrapBelowTheirBeginning() {
        Page page = new Page().line("one two three").item("  Plan: ", "four five six");

        assertThat(page.lines(new Layout(12, 12, false)))
                .containsExactly("one two", "three", "  Plan: four", "        five", "        six");
        assertThat(page.lines()).containsExactly("one two three", "  Plan: four five six");
    }

    @Test
    void aWordWiderThanTheSpaceStaysWhole() {
        assertThat(Page.of("see /var/lib/quiesced/7.json now").lines(new Layout(10, 10, false)))
                .containsExactly("see", "/var/lib/quiesced/7.json", "now");
    }
}
