// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of safety.md, and the attempts of SECURITY.md, have tests and classes that exist. */
class PromisesTest {
    private static final Path SAFETY = Path.of("src/doc/safety.md");
    private static final Path ARCHITECTURE = Path.of("src/doc/architecture.md");

    private static final Pattern ROW = Pattern.compile("(?m)^\\|(?!-).*\\|$");
    private static final Pattern TEST = Pattern.compile("\\[(\\w+(?:IT|Test))\\](?![:(])");
    private static final Pattern LINK = Pattern.compile("(?m)^\\[(\\w+)\\]: \\S*/(\\w+)\\.java$");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?`");

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** The rows below a heading, without that of the names of the columns. */
    private static List<String> rows(Path page, String heading) throws IOException {
        String text = Files.readString(page);
        String section = text.substring(text.indexOf("\n## " + heading) + 1);
        int end = section.indexOf("\n## ");
        return ROW.matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map(match -> match.group())
                .skip(1)
                .toList();
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }

    private static void assertTested(List<String> rows, Path page) throws IOException {
        List<String> linked = all(LINK, Files.readString(page));
        assertThat(rows)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        row -> assertThat(all(TEST, row)).as(row).isNotEmpty().isSubsetOf(linked));
    }

    @Test
    void eachPromiseIsTested() throws IOException {
        assertTested(rows(SAFETY, "Promises"), SAFETY);
    }

    @Test
    void eachPromiseHasItsLimit() throws IOException {
        String text = Files.readString(SAFETY);
        String limits = text.substring(text.indexOf("\n## Limits"));
        List<String> numbers = all(Pattern.compile("(?m)^\\| (\\d+) \\|"), text);

        assertThat(all(Pattern.compile("(?m)^(\\d+)\\. "), limits)).isEqualTo(numbers);
    }

    @Test
    void eachAttemptIsTested() throws IOException {
        Path page = Path.of(".github/SECURITY.md");
        assertTested(rows(page, "What an attacker may try"), page);
    }

    @Test
    void eachPartThatAClassHasIsThere() throws IOException {
        assertThat(rows(SAFETY, "Promises"))
                .allSatisfy(row -> assertThat(classes()).containsAll(all(CLASS, row)));
        assertThat(rows(ARCHITECTURE, "Where it is"))
                .allSatisfy(row -> assertThat(classes()).containsAll(all(CLASS, row)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"src/doc/safety.md", "src/doc/architecture.md", "src/doc/ordering.md", ".github/SECURITY.md"})
    void eachTestOfAPageIsLinkedByItsName(String page) throws IOException {
        String text = Files.readString(Path.of(page));

        assertThat(LINK.matcher(text).results())
                .isNotEmpty()
                .allMatch(link -> link.group(1).equals(link.group(2)));
        assertThat(all(LINK, text)).containsAll(all(TEST, text));
    }
}
