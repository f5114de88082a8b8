// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {
    @ParameterizedTest
    @CsvSource({
        "80s, 80000",
        "500ms, 500",
        "1min 20s, 80000",
        "2m, 120000",
        "1.5 s, 1500",
        "7, 7000",
        "1h, 3600000",
        "0, 0"
    })
    void timeSpanIsParsedLikeSystemd(String text, long millis) {
        assertThat(TimeSpan.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "s", "5 minutes", "-1s", "1s x", "1,5s", "99999999999s", "1..5s"})
    void otherTextIsAnError(String text) {
        assertThatThrownBy(() -> TimeSpan.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "110, 110 ms",
        "4500, 4.50 s",
        "99999, 100.00 s",
        "108000, 1 min 48 s",
        "660000, 11 min 0 s",
        "7260000, 2 h 1 min"
    })
    void timeSpanIsFormattedInReadableUnits(long millis, String text) {
        assertThat(TimeSpan.format(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
