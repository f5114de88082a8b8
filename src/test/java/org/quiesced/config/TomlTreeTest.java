// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/** The tree equals that of Jackson's own mapper. */
class TomlTreeTest {
    private final TomlMapper mapper = new TomlMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "a = 'x'\nb = \"\"\"\ny\n\"\"\"\nc = true\nd = false\n",
                "a = 1\nb = -9_000_000_000\nc = 0xff\nd = 123456789012345678901234567890\n",
                "a = 1.5\nb = -1e300\nc = inf\nd = nan\ne = 0.1234567890123456789012345678901234567890\n",
                "a = 1979-05-27T07:32:00Z\nb = 1979-05-27\nc = 07:32:00\n",
                "a = []\nb = [1, [2, 'x'], {c = 3}]\n",
                "[a.b]\nc.d = 1\n[a.'e f']\n[[g]]\nh = 1\n[[g]]\nh = 2\n",
            })
    void treeEqualsThatOfJacksonsMapper(String text) {
        assertThat(TomlTree.of(text)).isEqualTo(mapper.readTree(text));
    }

    /**
     * The reason for {@link TomlKeys}: the parser reads the whole text before it returns its first token, and returns
     * the tokens of a tree. If this test fails, the parser itself provides the places.
     */
    @Test
    void tokensOfTheParserHaveNoPlace() {
        try (JsonParser parser =
                new TomlFactory().createParser(ObjectReadContext.empty(), "a = 1\n[b]\n'c d' = { e = ['x'] }\n")) {
            int tokens = 0;
            while (parser.nextToken() != null) {
                tokens++;
                assertThat(parser.currentTokenLocation()).isEqualTo(TokenStreamLocation.NA);
                assertThat(parser.currentLocation()).isEqualTo(TokenStreamLocation.NA);
            }
            assertThat(tokens)
                    .as("three tables, an array, their ends, four keys of values and tables")
                    .isEqualTo(14);
        }
    }

    @Test
    void syntaxErrorsEqualThoseOfJacksonsMapper() {
        for (String text : new String[] {"a = \n", "a = 1\na = 2\n", "[a\n", "a = 1 b", "a = \"x"}) {
            JacksonException ours = (JacksonException) catchThrowable(() -> TomlTree.of(text));
            JacksonException theirs = (JacksonException) catchThrowable(() -> mapper.readTree(text));
            assertThat(ours).hasMessage(theirs.getMessage());
        }
    }
}
