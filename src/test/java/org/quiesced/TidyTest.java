// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of style that can be checked (src/doc/style.md). */
class TidyTest {
    private static final int LONGEST_FILE = 300;
    private static final int LONGEST_LINE = 120;

    private static final Path README = Path.of("README.md");
    private static final Path STYLE = Path.of("src/doc/style.md");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)|(?m)^\\[[^\\]]+\\]: (\\S+)$");
    private static final Pattern ANCHOR = Pattern.compile("\\]\\(([^)#:\\s]*\\.md|)#([^)\\s]+)\\)");
    private static final Pattern COMMENT = Pattern.compile("^\\s*(?://|/?\\*)(.*)$");
    private static final Pattern LEFTOVER = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");

    /** Words of the style that src/doc/style.md rejects. */
    private static final Pattern RIDDLE = Pattern.compile(
            "\\b(whoever|somebody|lets? go of|what came of|for ever|for good|as ever|can't|no news)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HISTORY = Pattern.compile(
            "\\b(no longer(?! than)|used to be|formerly|previously|as before this change)\\b",
            Pattern.CASE_INSENSITIVE);

    /** A constant that is a time span or, by its name, a size or another limit. */
    private static final Pattern LIMIT = Pattern.compile(
            "static final (?:Duration (\\w+)|(?:int|long|double) "
                    + "(\\w*(?:BYTES|LARGEST|LEAST|LIMIT|LONGEST|MOST|SHORTEST|_MILLIS|_NANOS|_SECONDS)\\w*))\\s*=\\s*([^;]+);");

    private static List<Path> files(String directory, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(directory))) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().collect(Collectors.toList());
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String directory : List.of("src/main/java", "src/test/java", "src/vm/java", "src/jmh/java")) {
            sources.addAll(files(directory, ".java"));
        }
        return sources;
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files("src/doc", ".md"));
        pages.addAll(files(".github", ".md"));
        pages.add(README);
        return pages;
    }

    /** Returns the other files that are written for users. */
    private static List<Path> manuals() throws IOException {
        List<Path> manuals = new ArrayList<>(files("packaging/man", ""));
        manuals.removeIf(Files::isDirectory);
        manuals.addAll(files("src/main/resources", ".varlink"));
        manuals.add(Path.of("config/quiesced.toml"));
        return manuals;
    }

    private static List<String> lines(List<Path> files, Predicate<String> which) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (which.test(lines.get(i))) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return found;
    }

    @Test
    void filesHaveFewerThanThreeHundredLines() throws IOException {
        List<Path> tooLong = new ArrayList<>();
        for (Path file : sources()) {
            if (Files.readAllLines(file).size() >= LONGEST_FILE) {
                tooLong.add(file);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    /** The formatter wraps code, but not comments. */
    @Test
    void linesOfCommentsHaveAtMost120Characters() throws IOException {
        assertThat(lines(sources(), line -> line.length() > LONGEST_LINE && line.matches("\\s*(//|/\\*\\*|\\*) .*")))
                .isEmpty();
    }

    /** Except for rows of tables, which cannot be wrapped. */
    @Test
    void linesOfThePagesHaveAtMost120Characters() throws IOException {
        assertThat(lines(pages(), line -> line.length() > LONGEST_LINE && !line.startsWith("|")))
                .isEmpty();
    }

    @Test
    void linesOfTheReadmeAndTheManualsHaveAtMost120Characters() throws IOException {
        List<Path> files = manuals();
        files.add(README);
        assertThat(lines(files, line -> line.length() > LONGEST_LINE)).isEmpty();
    }

    /** Returns the anchors of a page: the words of its headings in lower case, with dashes for spaces. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** Returns the links of the pages that have no target. */
    private static List<String> broken(Pattern pattern, Link link) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Path directory = page.getParent() == null ? Path.of("") : page.getParent();
            Matcher found = pattern.matcher(Files.readString(page));
            while (found.find()) {
                if (!link.leads(page, directory, found)) {
                    broken.add(page + ": " + found.group());
                }
            }
        }
        return broken;
    }

    @FunctionalInterface
    private interface Link {
        boolean leads(Path page, Path directory, Matcher found) throws IOException;
    }

    @Test
    void linksOfThePagesLeadToHeadings() throws IOException {
        assertThat(broken(ANCHOR, (page, directory, link) -> {
                    Path target = link.group(1).isEmpty() ? page : directory.resolve(link.group(1));
                    return anchors(target).contains(link.group(2));
                }))
                .isEmpty();
    }

    @Test
    void linksOfThePagesLeadToFiles() throws IOException {
        assertThat(broken(LINK, (page, directory, link) -> {
                    String target = link.group(1) != null ? link.group(1) : link.group(2);
                    return target.contains("://") || Files.exists(directory.resolve(target));
                }))
                .isEmpty();
    }

    /**
     * A limit that two classes share is defined in one of them. Limits that are equal by chance are named after what
     * they limit.
     */
    @Test
    void noLimitIsDefinedTwice() throws IOException {
        Map<String, List<Path>> definitions = new TreeMap<>();
        for (Path file : files("src/main/java", ".java")) {
            Matcher limit = LIMIT.matcher(Files.readString(file));
            while (limit.find()) {
                String name = limit.group(1) != null ? limit.group(1) : limit.group(2);
                definitions
                        .computeIfAbsent(name + " = " + limit.group(3), key -> new ArrayList<>())
                        .add(file);
            }
        }
        assertThat(definitions).containsKey("STACK_BYTES = 512 * 1024L");
        definitions.values().removeIf(files -> files.size() == 1);
        assertThat(definitions).isEmpty();
    }

    /** In the program this includes its messages. The table of style.md quotes such words. */
    @Test
    void programPagesAndManualsHaveNoRiddles() throws IOException {
        List<Path> files = files("src/main/java", ".java");
        files.addAll(manuals());
        files.addAll(pages());
        files.remove(STYLE);
        assertThat(lines(files, line -> RIDDLE.matcher(line).find())).isEmpty();
        assertThat(lines(
                        List.of(STYLE),
                        line -> !line.startsWith("|") && RIDDLE.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void commentsHaveNoLeftoversNoRiddlesAndNoHistory() throws IOException {
        assertThat(lines(sources(), line -> {
                    Matcher comment = COMMENT.matcher(line);
                    return comment.find()
                            && (LEFTOVER.matcher(comment.group(1)).find()
                                    || RIDDLE.matcher(comment.group(1)).find()
                                    || HISTORY.matcher(comment.group(1)).find());
                }))
                .isEmpty();
    }
}
