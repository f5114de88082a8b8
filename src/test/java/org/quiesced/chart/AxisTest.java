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
        "4.72,  600, 0.0 s|0.5 s|1.0 s|1.5 s|2.0 s|2.5 s|3.0 s|3.5 s|4.0 s|4.5 s",
        "108,   300, 0 s|50 s|100 s",
        "0.11,  600, 0 ms|20 ms|40 ms|60 ms|80 ms|100 ms",
        "3600,  300, 0 s|1000 s|2000 s|3000 s",
        "0.001, 300, 0.0 ms|0.2 ms|0.4 ms|0.6 ms|0.8 ms|1.0 ms",
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
