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

/** The promises of safety.md and the attempts of SECURITY.md name tests and classes that exist. */
class PromisesTest {
    private static final Path SAFETY = Path.of("src/doc/safety.md");
    private static final Path ARCHITECTURE = Path.of("src/doc/architecture.md");

    private static final Pattern ROW = Pattern.compile("(?m)^\\|(?!-).*\\|$");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?`");

    /** Returns the rows of the table below a heading, without the row of column names. */
    private static List<String> rows(Path page, String heading) throws IOException {
        String text = Files.readString(page);
        int start = text.indexOf("\n## " + heading);
        assertThat(start).as("%s of %s", heading, page).isNotNegative();
        String section = text.substring(start + 1);
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
        List<String> linked = Pages.links(Files.readString(page));
        assertThat(rows)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        row -> assertThat(Pages.tests(row)).as(row).isNotEmpty().isSubsetOf(linked));
    }

    @Test
    void eachPromiseIsTested() throws IOException {
        assertTested(rows(SAFETY, "Promises"), SAFETY);
    }

    @Test
    void eachPromiseHasItsLimit() throws IOException {
        String text = Files.readString(SAFETY);
        String limits = text.substring(text.indexOf("\n## Limits"));
        List<String> numbers = Pages.all(Pattern.compile("(?m)^\\| (\\d+) \\|"), text);

        assertThat(numbers).hasSameSizeAs(rows(SAFETY, "Promises")).hasSizeGreaterThan(10);
        assertThat(Pages.all(Pattern.compile("(?m)^(\\d+)\\. "), limits)).isEqualTo(numbers);
    }

    @Test
    void eachAttemptIsTested() throws IOException {
        Path page = Path.of(".github/SECURITY.md");
        assertTested(rows(page, "What an attacker may try"), page);
    }

    @Test
    void eachPartThatAClassHasIsThere() throws IOException {
        Set<String> classes = classes();
        assertThat(Pages.all(CLASS, String.join("\n", rows(SAFETY, "Promises"))))
                .hasSizeGreaterThan(10)
                .isSubsetOf(classes);
        assertThat(Pages.all(CLASS, String.join("\n", rows(ARCHITECTURE, "Where it is"))))
                .hasSizeGreaterThan(10)
                .isSubsetOf(classes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"src/doc/safety.md", "src/doc/architecture.md", "src/doc/ordering.md", ".github/SECURITY.md"})
    void eachTestOfAPageIsLinkedByItsName(String page) throws IOException {
        String text = Files.readString(Path.of(page));

        assertThat(Pages.tests(text)).isNotEmpty().isSubsetOf(Pages.links(text));
    }
}
