// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promises of safety.md, the rules of ordering.md and the attempts of SECURITY.md name tests and classes that
 * exist.
 */
class PromisesTest {
    private static final Path SAFETY = Path.of("src/doc/safety.md");
    private static final Path ARCHITECTURE = Path.of("src/doc/architecture.md");
    private static final Path ORDERING = Path.of("src/doc/ordering.md");
    private static final Path RULE_TESTS = Path.of("src/test/java/org/quiesced/run");
    private static final int RULES = 10;

    private static final Pattern ROW = Pattern.compile("(?m)^\\|(?!-).*\\|$");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?`");
    private static final Pattern RULE = Pattern.compile("(?m)^\\s+class (Rule(\\d+)[A-Z]\\w*) ");

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

    /** Returns the nested class of each rule as a link to its file, by the number of the rule. */
    private static Map<Integer, String> ruleLinks() throws IOException {
        Map<Integer, String> links = new TreeMap<>();
        try (Stream<Path> files = Files.list(RULE_TESTS)) {
            for (Path file : files.toList()) {
                Matcher rule = RULE.matcher(Files.readString(file));
                while (rule.find()) {
                    Path target = ORDERING.getParent().relativize(file);
                    assertThat(links.put(Integer.valueOf(rule.group(2)), "[`" + rule.group(1) + "`](" + target + ")"))
                            .as("another test of rule " + rule.group(2))
                            .isNull();
                }
            }
        }
        return links;
    }

    @Test
    void eachRuleLinksToItsTest() throws IOException {
        Map<Integer, String> links = ruleLinks();
        List<String> rows = rows(ORDERING, "The rules");

        assertThat(links.keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, RULES).boxed().toList());
        assertThat(rows).hasSize(RULES);
        links.forEach((number, link) -> assertThat(rows.get(number - 1))
                .startsWith("| " + number + " |")
                .contains(link));
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
