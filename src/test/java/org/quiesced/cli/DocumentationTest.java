// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Man page and completions know each verb and each option that the command has, by the command's own account. */
class DocumentationTest {
    private static final List<String> VERBS =
            List.of("status", "plan", "monitor", "reload", "run", "simulate", "capture", "verify");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    private static String help(String... arguments) {
        StringWriter out = new StringWriter();
        Main.execute(new PrintWriter(out), new PrintWriter(out), Terminal.NONE, arguments);
        return out.toString();
    }

    private static Set<String> options(String verb) {
        Set<String> options = new TreeSet<>();
        Matcher matcher = OPTION.matcher(help(verb, "--help"));
        while (matcher.find()) {
            options.add(matcher.group());
        }
        return options;
    }

    @Test
    void thereAreNoOtherVerbs() {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile("(?m)^  ([a-z]+)  ").matcher(help("--help"));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(VERBS);
    }

    @Test
    void theManPageHasThemAll() throws IOException {
        String page = Files.readString(Path.of("packaging/man/quiescectl.1")).replace("\\-", "-");
        for (String verb : VERBS) {
            assertThat(page).containsPattern("(?m)^\\.BR? " + verb + "\\b");
            assertThat(options(verb)).as(verb).allMatch(page::contains);
        }
    }

    @Test
    void bashCompletesThemAll() throws IOException {
        String script = Files.readString(Path.of("packaging/completion/quiescectl.bash"));
        for (String verb : VERBS) {
            Matcher line = Pattern.compile("\\[" + verb + "\\]='(.*)'").matcher(script);
            assertThat(line.find()).as(verb).isTrue();
            Set<String> expected = options(verb);
            expected.remove("--help");
            assertThat(List.of(line.group(1).split(" "))).as(verb).containsAll(expected);
        }
    }

    @Test
    void zshAndFishCompleteThemAll() throws IOException {
        String zsh = Files.readString(Path.of("packaging/completion/_quiescectl"));
        String fish = Files.readString(Path.of("packaging/completion/quiescectl.fish"));
        for (String verb : VERBS) {
            assertThat(zsh).contains("'" + verb + ":");
            assertThat(fish).contains("-a " + verb + " ");
            assertThat(options(verb)).as(verb).allMatch(zsh::contains);
            assertThat(options(verb))
                    .as(verb)
                    .allMatch(option -> fish.contains("-l " + option.substring("--".length()) + " "));
        }
    }

    @Test
    void theFilePageKnowsEachKey() throws IOException {
        String page = Files.readString(Path.of("packaging/man/quiesced.toml.5"));
        Matcher key = Pattern.compile("(?m)^#?([a-z]+) = ").matcher(Files.readString(Path.of("config/quiesced.toml")));
        while (key.find()) {
            assertThat(page).containsPattern("(?m)^\\.B " + key.group(1) + "$");
        }
    }
}
