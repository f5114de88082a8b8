// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** src/doc/coverage.md lists each scenario, and names test methods that exist. */
class CoverageTest {
    private static final Path PAGE = Path.of("src/doc/coverage.md");
    private static final Path SCENARIOS = Path.of("src/vm/java/org/quiesced/vm");
    private static final Pattern SCENARIO = Pattern.compile("\\[(\\w+IT)\\](?!:)");
    private static final Pattern METHOD = Pattern.compile("`([a-z][A-Za-z0-9]{11,})`");

    private static Set<String> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Returns the table rows that name a scenario. */
    private static List<String> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && SCENARIO.matcher(line).find())
                .toList();
    }

    @Test
    void pageListsExactlyTheScenarios() throws IOException {
        assertThat(new TreeSet<>(Pages.all(SCENARIO, String.join("\n", rows()))))
                .isEqualTo(scenarios());
    }

    @Test
    void linksLeadToTheScenariosOfTheirNames() throws IOException {
        assertThat(Pages.links(Files.readString(PAGE))).containsExactlyInAnyOrderElementsOf(scenarios());
    }

    @Test
    void rowsNameTestsOfTheirScenarios() throws IOException {
        for (String row : rows()) {
            StringBuilder sources = new StringBuilder();
            for (String scenario : Pages.all(SCENARIO, row)) {
                sources.append(Files.readString(SCENARIOS.resolve(scenario + ".java")));
            }
            List<String> methods = Pages.all(METHOD, row.substring(row.indexOf("IT]")));
            assertThat(methods).as(row).isNotEmpty();
            assertThat(methods).as(row).allMatch(method -> isTest(sources.toString(), method));
        }
    }

    @Test
    void eachTestOfAScenarioHasARow() throws IOException {
        String rows = String.join("\n", rows());
        for (String scenario : scenarios()) {
            String source = Files.readString(SCENARIOS.resolve(scenario + ".java"));
            List<String> tests = Pages.all(Pattern.compile("(?s)@Test\\b.{0,200}?\\bvoid (\\w+)\\("), source);
            assertThat(tests).as(scenario).isNotEmpty().allMatch(test -> rows.contains("`" + test + "`"));
        }
    }

    private static boolean isTest(String source, String method) {
        return Pattern.compile("(?s)@Test\\b.{0,200}?\\bvoid " + method + "\\(")
                .matcher(source)
                .find();
    }
}
