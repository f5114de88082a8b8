// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SenseDataTest {
    private static SenseData of(String hex) {
        return SenseData.of(HexFormat.ofDelimiter(" ").parseHex(hex)).orElseThrow();
    }

    @Test
    void fixedFormatIsRead() {
        SenseData sense = of("70 00 02 00 00 00 00 0a 00 00 00 00 04 02 00 00 00 00");

        assertThat(sense.describe())
                .isEqualTo("not ready, initializing command required (sense key 2h, ASC 04h, ASCQ 02h)");
    }

    @Test
    void descriptorFormatIsRead() {
        SenseData sense = of("72 03 0c 02 00 00 00 00");

        assertThat(sense.describe())
                .isEqualTo("medium error, write error, auto reallocation failed (sense key 3h, ASC 0Ch, ASCQ 02h)");
    }

    @Test
    void unknownCodeKeepsItsNumbers() {
        assertThat(of("72 04 81 99 00 00 00 00").describe())
                .isEqualTo("hardware error (sense key 4h, ASC 81h, ASCQ 99h)");
    }

    @Test
    void unknownCommandIsRecognised() {
        assertThat(of("70 00 05 00 00 00 00 0a 00 00 00 00 20 00 00 00 00 00").isInvalidOpcode())
                .isTrue();
        assertThat(of("70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 00 00 00").isInvalidOpcode())
                .isFalse();
    }

    @Test
    void emptyAndZeroBytesAreNoSenseData() {
        assertThat(SenseData.of(new byte[0])).isEmpty();
        assertThat(SenseData.of(new byte[18])).isEmpty();
    }

    @Test
    void truncatedFixedSenseDataIsReadInPart() {
        assertThat(of("70 00 03 00").describe()).startsWith("medium error");
    }
}
