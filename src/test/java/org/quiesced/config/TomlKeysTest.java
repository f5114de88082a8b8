// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.TomlKeys.Place;

/** Places of keys are found in each notation. */
class TomlKeysTest {
    @Test
    void bareQuotedAndDottedKeysHavePlaces() {
        Map<String, Place> places = TomlKeys.of("a = 1\n  'b c' = 2\n\"d\".e . f = 3\n");

        assertThat(places)
                .containsEntry("a", new Place(1, 1))
                .containsEntry("b c", new Place(2, 3))
                .containsEntry("d", new Place(3, 1))
                .containsEntry("d.e.f", new Place(3, 9));
    }

    @Test
    void tablesAndArraysOfTablesHavePlaces() {
        Map<String, Place> places = TomlKeys.of("[ driver . nvme ] # comment = 1\nx = 1\n[[list]]\ny = 2\n");

        assertThat(places)
                .containsEntry("driver", new Place(1, 3))
                .containsEntry("driver.nvme", new Place(1, 12))
                .containsEntry("driver.nvme.x", new Place(2, 1))
                .containsEntry("list.y", new Place(4, 1));
    }

    @Test
    void inlineTablesHavePlaces() {
        Map<String, Place> places =
                TomlKeys.of("a = [ 1, # [x]\n { b = 2, c = \"}\" } ]\nd = { e = { f = 1 } }\ng = 1");

        assertThat(places)
                .containsEntry("a.b", new Place(2, 4))
                .containsEntry("a.c", new Place(2, 11))
                .containsEntry("d.e.f", new Place(3, 13))
                .containsEntry("g", new Place(4, 1));
    }

    @Test
    void keysInsideStringsAreIgnored() {
        Map<String, Place> places = TomlKeys.of(
                "a = \"x \\\" = [y]\"\nb = '''\nnot = 1\n'''\nc = \"\"\"\nnot = \\\"\"\"\\\n\"\"\"\nd = 'z = 1'\ne = 1\n");

        assertThat(places)
                .doesNotContainKey("not")
                .containsEntry("d", new Place(8, 1))
                .containsEntry("e", new Place(9, 1));
    }
}
