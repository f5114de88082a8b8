// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "nvme3, nvme3, true",
        "nvme3, nvme33, false",
        "nvme*, nvme33, true",
        "nvme?, nvme33, false",
        "0000:4[1-4]:00.0, 0000:42:00.0, true",
        "0000:4[1-4]:00.0, 0000:45:00.0, false",
        "0000:4[1-4]:00.0, 0000:42:00x0, false",
        "sd[!a], sda, false",
        "sd[!a], sdb, true",
        "sd[a&b], 'sd&', true",
        "sd[ab^], 'sd^', true",
        "sd[^a], sda, true",
        "'sd[[]', 'sd[', true",
        "*, anything, true"
    })
    void globMatchesLikeAShell(String glob, String name, boolean matches) {
        assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd[a", "sd[", "sd[b-a]"})
    void invalidSetIsAnErrorInOneLine(String glob) {
        assertThatThrownBy(() -> new Glob(glob))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(glob).doesNotContain("\n"));
    }
}
