// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The rules of text in a narrow space: no line is too long, no number is cut, and in full nothing is lost. */
public final class NarrowSpace {
    /** The sentence after text that is shortened. */
    public static final String HINT = "Hint: Some columns were shortened or left out, use -l to show in full.";

    /** A number of a table or a sentence, and not a part of a device's name. */
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.:(…-])\\d+(\\.\\d+)?(m?s)?(?![\\w:./-])");

    /** A time of a table, which stays where a column of text may be left out. */
    private static final Pattern TIME = Pattern.compile("(?<![\\w.])\\d+(\\.\\d+)?m?s(?!\\w)");

    private NarrowSpace() {}

    /** Checks a page at widths of 80 and 40 columns. */
    public static void assertThatItFits(Page page) {
        for (int width : List.of(80, 40)) {
            Layout narrow = new Layout(width, width, false);
            assertThatItFits(page.lines(narrow), page.lines(), width);
            assertThat(words(page.lines(narrow.full()))).isEqualTo(words(page.lines()));
        }
    }

    /**
     * Checks lines for a space.
     *
     * @param whole the same text in a pipe
     */
    public static void assertThatItFits(List<String> lines, List<String> whole, int width) {
        assertThat(lines).isNotEmpty().allMatch(line -> line.length() <= width);
        assertThat(found(TIME, lines)).isEqualTo(found(TIME, whole));
        assertThat(found(NUMBER, whole)).containsSubsequence(found(NUMBER, lines));
    }

    /** Returns the words of lines, wherever they wrap. */
    public static List<String> words(List<String> lines) {
        return List.of(String.join(" ", lines).strip().split("\\s+"));
    }

    private static List<String> found(Pattern pattern, List<String> lines) {
        return pattern.matcher(String.join(" ", words(lines)))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
