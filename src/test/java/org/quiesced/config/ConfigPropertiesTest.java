// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** Any text is read as a configuration, or its problems are reported with their places. */
class ConfigPropertiesTest {
    private static final String CHARACTERS = "[]{}=.,\"'#\\\n\r\t abz019_-+:*?";

    private static void assertReadOrExplained(String text) {
        long lines = text.lines().count();
        try {
            assertThat(Configs.FILES.parse("any.toml", text)).isNotNull();
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.line()).isBetween(0, (int) lines);
                assertThat(problem.message()).isNotBlank().doesNotContain("\n");
            });
        }
    }

    @Property(tries = 500)
    void anyTextIsReadOrItsProblemsAreNamed(@ForAll @StringLength(max = 200) String text) {
        assertReadOrExplained(text);
    }

    @Property(tries = 1000)
    void shippedFileWithTypingErrorsIsReadOrItsProblemsAreNamed(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int errors) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(
                Files.readString(Path.of("config/quiesced.toml")).replaceAll("(?m)^#(?=[\\[a-z])", ""));
        for (int i = 0; i < errors; i++) {
            int at = random.nextInt(text.length());
            char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, c);
                default -> text.setCharAt(at, c);
            }
        }
        assertReadOrExplained(text.toString());
    }
}
