// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation of the interfaces, which {@code varlinkctl introspect} shows, is complete. */
class InterfacesTest {
    private static final Path DIRECTORY = Path.of("src/main/resources/org/quiesced/daemon");
    private static final String ENDING = ".varlink";

    private static final Pattern DECLARATION = Pattern.compile("((?:type|method|error) \\w+) ?\\(.*");
    private static final Pattern MEMBERS = Pattern.compile("#   (\\w+(?:, \\w+)*): \\S.*");
    private static final Pattern CONTINUED = Pattern.compile("#    +\\S.*");

    /** A declaration, and the lines of the comment directly before it. */
    private record Described(String declaration, List<String> comment) {
        /**
         * Returns the description of the declaration as a whole: the lines before the first one that describes a
         * member.
         */
        private List<String> sentences() {
            return comment.stream()
                    .takeWhile(line -> !MEMBERS.matcher(line).matches())
                    .toList();
        }

        private Set<String> members() {
            Set<String> members = new TreeSet<>();
            for (String line : comment) {
                Matcher matcher = MEMBERS.matcher(line);
                if (matcher.matches()) {
                    assertThat(List.of(matcher.group(1).split(", ")))
                            .as(declaration)
                            .allMatch(members::add);
                }
            }
            return members;
        }
    }

    static List<String> interfaces() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> lines(String name) throws IOException {
        return Files.readAllLines(DIRECTORY.resolve(name + ENDING));
    }

    private static List<Described> described(String name) throws IOException {
        List<Described> described = new ArrayList<>();
        List<String> comment = new ArrayList<>();
        for (String line : lines(name)) {
            Matcher declaration = DECLARATION.matcher(line);
            if (declaration.matches()) {
                described.add(new Described(declaration.group(1), List.copyOf(comment)));
            }
            if (line.startsWith("#")) {
                comment.add(line);
            } else {
                comment.clear();
            }
        }
        return described;
    }

    @ParameterizedTest
    @MethodSource("interfaces")
    void anInterfaceSaysWhatItIs(String name) throws IOException {
        List<String> lines = lines(name);

        assertThat(lines.get(0)).startsWith("# ");
        assertThat(lines).contains("interface " + name);
        assertThat(lines.subList(0, lines.indexOf("interface " + name))).allMatch(line -> line.startsWith("# "));
    }

    @ParameterizedTest
    @MethodSource("interfaces")
    void eachTypeMethodAndErrorHasAComment(String name) throws IOException {
        List<Described> described = described(name);

        assertThat(described)
                .extracting(Described::declaration)
                .containsExactlyInAnyOrderElementsOf(Idl.of(name).declarations().keySet());
        for (Described one : described) {
            assertThat(one.sentences()).as(one.declaration()).isNotEmpty();
            assertThat(String.join(" ", one.sentences())).as(one.declaration()).endsWith(".");
        }
    }

    @ParameterizedTest
    @MethodSource("interfaces")
    void soHasEachFieldAndValueAndNoOther(String name) throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        described(name).forEach(one -> documented.put(one.declaration(), one.members()));
        Map<String, Set<String>> declared = new TreeMap<>();
        Idl.of(name)
                .declarations()
                .forEach((declaration, members) -> declared.put(declaration, new TreeSet<>(members)));

        assertThat(documented).isEqualTo(declared);
    }

    /** varlinkctl of systemd 255 and 256 refuses a definition with a comment between parentheses. */
    @ParameterizedTest
    @MethodSource("interfaces")
    void commentsStandBeforeDeclarationsAlone(String name) throws IOException {
        boolean isInside = false;
        for (String line : lines(name)) {
            assertThat(isInside && line.contains("#")).as(line).isFalse();
            assertThat(line.indexOf('#')).as(line).isLessThan(1);
            if (line.startsWith("#")) {
                boolean isText = line.matches("# \\S.*")
                        || MEMBERS.matcher(line).matches()
                        || CONTINUED.matcher(line).matches();
                assertThat(isText).as(line).isTrue();
                assertThat(line.length()).as(line).isLessThanOrEqualTo(120);
            } else {
                isInside = isInside ? !line.startsWith(")") : line.endsWith("(");
            }
        }
    }
}
