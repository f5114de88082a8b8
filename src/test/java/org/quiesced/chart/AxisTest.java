// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({
        "4.72,  600, 0.0s|0.5s|1.0s|1.5s|2.0s|2.5s|3.0s|3.5s|4.0s|4.5s",
        "108,   300, 0s|50s|100s",
        "0.11,  600, 0ms|20ms|40ms|60ms|80ms|100ms",
        "3600,  300, 0s|1000s|2000s|3000s",
        "0.001, 300, 0.0ms|0.2ms|0.4ms|0.6ms|0.8ms|1.0ms",
    })
    void ticksAreAtRoundTimes(double end, double width, String labels) {
        assertThat(new Axis(end, 0, width).ticks()).extracting(Axis.Tick::label).containsExactly(labels.split("\\|"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -3, 1e-9, 0.017, 1, 9.99, 10, 86_400, 1e9})
    void ticksAreSpacedAndWithinTheAxis(double end) {
        Axis axis = new Axis(end, 40, 300);
        List<Axis.Tick> ticks = axis.ticks();

        assertThat(ticks).hasSizeBetween(2, 6);
        assertThat(ticks).allMatch(tick -> tick.x() >= 40 && tick.x() <= 340);
        assertThat(ticks.get(1).x() - ticks.get(0).x()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void timesBeyondTheAxisAreDrawnAtItsEnds() {
        Axis axis = new Axis(10, 100, 50);

        assertThat(axis.x(-1)).isEqualTo(100);
        assertThat(axis.x(5)).isEqualTo(125);
        assertThat(axis.x(11)).isEqualTo(150);
    }
}
