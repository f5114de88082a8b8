// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Man pages and completions cover each verb and option of the command's own help. */
class DocumentationTest {
    private static final List<String> VERBS = List.of(
            "status",
            "plan",
            "monitor",
            "reload",
            "run",
            "simulate",
            "capture",
            "verify",
            "time",
            "blame",
            "critical-chain",
            "history",
            "report",
            "diff",
            "plot",
            "dot",
            "tree",
            "explain",
            "cat-config",
            "doctor",
            "health");
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
    void helpListsExactlyTheVerbs() {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile("(?m)^  ([a-z-]+)  ").matcher(help("--help"));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(VERBS);
    }

    @Test
    void manPageNamesEachVerbAndOption() throws IOException {
        String page = Files.readString(Path.of("packaging/man/quiescectl.1")).replace("\\-", "-");
        for (String verb : VERBS) {
            assertThat(page).containsPattern("(?m)^\\.BR? " + verb + "\\b");
            assertThat(options(verb)).as(verb).allMatch(page::contains);
        }
    }

    @Test
    void bashCompletesEachVerbAndOption() throws IOException {
        String script = Files.readString(Path.of("packaging/completion/quiescectl.bash"));
        Matcher common = Pattern.compile(" common='(.+)'\n").matcher(script);
        assertThat(common.find()).isTrue();
        assertThat(script).contains("compgen -W \"${options[$verb]} $common\" -- ");
        for (String verb : VERBS) {
            Matcher line = Pattern.compile("\\[" + verb + "\\]='(.+)'").matcher(script);
            assertThat(line.find()).as(verb).isTrue();
            assertThat(List.of((line.group(1) + " " + common.group(1)).split(" ")))
                    .as(verb)
                    .containsAll(options(verb));
        }
    }

    @Test
    void zshAndFishCompleteEachVerbAndOption() throws IOException {
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
    void filePageNamesEachKey() throws IOException {
        String page = Files.readString(Path.of("packaging/man/quiesced.toml.5"));
        Matcher key = Pattern.compile("(?m)^#?([a-z]+) = ").matcher(Files.readString(Path.of("config/quiesced.toml")));
        while (key.find()) {
            assertThat(page).containsPattern("(?m)^\\.B " + key.group(1) + "$");
        }
    }

    /** An entry of a list in a manual page: its heading and its text, with escaped dashes replaced by plain ones. */
    private record Item(String heading, String text) {}

    private static List<Item> items(String page, String... sections) throws IOException {
        List<Item> items = new ArrayList<>();
        String[] parts = Files.readString(Path.of("packaging/man", page))
                .replace("\\-", "-")
                .split("(?m)^\\.SH ");
        for (String part : parts) {
            if (List.of(sections).contains(part.lines().findFirst().orElse(""))) {
                Stream.of(part.split("(?m)^\\.TP\n"))
                        .skip(1)
                        .map(item -> new Item(item.lines().findFirst().orElse(""), item))
                        .forEach(items::add);
            }
        }
        return items;
    }

    private static void assertThatEachSaysSinceWhen(List<Item> items) throws IOException {
        Pattern since = Pattern.compile("(?m)^\\.IP\nAdded in version (.*)\\.\\s*\\z");
        String changelog = Files.readString(Path.of("packaging/changelog"));
        assertThat(items).isNotEmpty().allSatisfy(item -> {
            Matcher version = since.matcher(item.text());
            assertThat(version.find()).as(item.heading()).isTrue();
            assertThat(changelog).contains("quiesced (" + version.group(1) + ") ");
        });
    }

    @Test
    void verbsAndOptionsNameTheirFirstVersion() throws IOException {
        List<Item> items = items("quiescectl.1", "VERBS", "OPTIONS", "ENVIRONMENT");
        assertThatEachSaysSinceWhen(items);
        for (String verb : VERBS) {
            assertThat(items).as(verb).anyMatch(item -> item.heading().matches("\\.BR? " + verb + "\\b.*"));
            for (String option : options(verb)) {
                assertThat(items).as(option).anyMatch(item -> item.text().contains(option));
            }
        }
        assertThatEachSaysSinceWhen(items("quiesced.8", "OPTIONS"));
    }

    @Test
    void keysNameTheirFirstVersion() throws IOException {
        List<Item> items = items("quiesced.toml.5", "KEYS", "TABLES");
        assertThatEachSaysSinceWhen(items);
        Matcher key = Pattern.compile("(?m)^#?([a-z_]+) = ").matcher(Files.readString(Path.of("config/quiesced.toml")));
        while (key.find()) {
            assertThat(items).extracting(Item::heading).contains(".B " + key.group(1));
        }
    }
}
