// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "*, anything, true"
    })
    void matchesAsAShellDoes(String glob, String name, boolean matches) {
        assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
    }
}
