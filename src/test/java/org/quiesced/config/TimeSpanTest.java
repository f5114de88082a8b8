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
        "0, 0ms",
        "110, 110ms",
        "4500, 4.50s",
        "59999, 1min",
        "80000, 1min 20s",
        "108250, 1min 48.25s",
        "660000, 11min",
        "7200000, 2h",
        "7260000, 2h 1min",
        "-4500, -4.50s"
    })
    void timeSpanIsFormattedAsBySystemd(long millis, String text) {
        assertThat(TimeSpan.format(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 110, 4_500, 59_990, 80_000, 108_250, 660_000, 7_260_000})
    void formattedTimeSpanIsReadBack(int millis) {
        assertThat(TimeSpan.parse(TimeSpan.format(Duration.ofMillis(millis)))).isEqualTo(Duration.ofMillis(millis));
    }
}
