// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each fact of src/doc/facts.md states how to verify it, by tests and files that exist. */
class FactsTest {
    private static final Path PAGE = Path.of("src/doc/facts.md");
    private static final Path SCENARIOS = Path.of("src/vm/java/org/quiesced/vm");

    private static final String AGAIN = "Again";
    private static final Pattern REFERENCE = Pattern.compile("\\[\\w+(?:IT|Test)\\]|`[^`]+`|cover letter");

    /** A file of this repository, not of systemd's. */
    private static final Pattern FILE = Pattern.compile("(?<!systemd's\\s{1,3})`((?:packaging|src)/[^`\\s]+)");

    private static final Pattern OPTION = Pattern.compile("-D(quiesced\\.\\w+)");
    private static final Pattern RULER = Pattern.compile("\\|(?:-+\\|)+");

    /** A fact, and how to verify it; {@code again} is empty if the page does not state that. */
    private record Fact(String text, String again) {}

    /** Returns the page without its introduction, with each paragraph, item and row as one line. */
    private static List<String> blocks() throws IOException {
        String page = Files.readString(PAGE);
        String facts = page.substring(page.indexOf("\n## "), page.indexOf("\n["));
        return facts.replaceAll("\n(?![\n|#-]|\\z)\\s*", " ")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("## "))
                .toList();
    }

    private static List<Fact> facts() throws IOException {
        List<Fact> facts = new ArrayList<>();
        List<String> blocks = blocks();
        for (int i = 0; i < blocks.size(); i++) {
            String block = blocks.get(i);
            if (block.startsWith("- ")) {
                int again = block.lastIndexOf(AGAIN);
                facts.add(new Fact(block, again < 0 ? "" : block.substring(again + AGAIN.length())));
            } else if (block.startsWith("|") && !isHeadOrRuler(blocks, i)) {
                String[] cells = block.split("(?<!\\\\)\\|");
                facts.add(new Fact(block, cells[cells.length - 1]));
            }
        }
        return facts;
    }

    private static boolean isHeadOrRuler(List<String> blocks, int index) {
        return Stream.of(index, index + 1)
                .anyMatch(i -> i < blocks.size() && RULER.matcher(blocks.get(i)).matches());
    }

    @Test
    void eachFactSaysHowToTryItAgain() throws IOException {
        assertThat(facts())
                .hasSizeGreaterThan(100)
                .allMatch(fact -> REFERENCE.matcher(fact.again()).find());
    }

    @Test
    void whatIsNoFactLeadsToSome() throws IOException {
        List<String> blocks = blocks();
        assertThat(blocks)
                .filteredOn(block -> !block.startsWith("- ") && !block.startsWith("|"))
                .allMatch(block -> block.endsWith(":"));
        for (int i = 1; i < blocks.size(); i++) {
            if (RULER.matcher(blocks.get(i)).matches()) {
                assertThat(blocks.get(i - 1)).endsWith("| again |");
            }
        }
    }

    @Test
    void eachTestExists() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Pages.tests(page)).isNotEmpty().isSubsetOf(Pages.links(page));
    }

    @Test
    void eachFileExists() throws IOException {
        assertThat(Pages.all(FILE, Files.readString(PAGE))).isNotEmpty().allMatch(file -> Files.exists(Path.of(file)));
    }

    @Test
    void eachOptionOfTheScenariosIsRead() throws IOException {
        String asked = Files.readString(SCENARIOS.resolve("Asked.java"));
        assertThat(Pages.all(OPTION, Files.readString(PAGE)))
                .isNotEmpty()
                .allMatch(option -> asked.contains('"' + option));
    }
}
