// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds references in the pages of src/doc. A page names a test as a link, whose target is at the end of the page. */
final class Pages {
    private static final Pattern TEST = Pattern.compile("\\[(\\w+(?:IT|Test))\\](?!:)");
    private static final Pattern LINK = Pattern.compile("(?m)^\\[(\\w+)\\]: \\S*/(\\w+)\\.java$");

    private Pages() {}

    /** Returns the first group of each match of a pattern. */
    static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** Returns the names of the tests in a text. */
    static List<String> tests(String text) {
        return all(TEST, text);
    }

    /**
     * Returns the classes to which a page links. Fails if there are none, or if a link has another name than its
     * target.
     */
    static List<String> links(String page) {
        List<MatchResult> links = LINK.matcher(page).results().toList();
        assertThat(links).isNotEmpty().allMatch(link -> link.group(1).equals(link.group(2)));
        return links.stream().map(link -> link.group(1)).toList();
    }
}
