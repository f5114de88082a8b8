// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvgTest {
    private final Svg svg = new Svg();

    @ParameterizedTest
    @CsvSource({"0, 5", "-1, 5", "5, 0", "5, -1", "NaN, 5"})
    void boxWithoutSizeIsNotDrawn(double width, double height) {
        svg.box(1, 2, width, height, "bar", "");

        assertThat(svg.shapes()).isEmpty();
    }

    @Test
    void shortBoxHasAVisibleWidth() {
        svg.box(1, 2, 0.0001, 5, "bar", "");

        assertThat(svg.shapes()).containsExactly("<rect x=\"1\" y=\"2\" width=\"0.35\" height=\"5\" class=\"bar\"/>");
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "1.5, 1.5", "-0.001, 0", "0.126, 0.13", "10, 10", "1234567.891, 1234567.89"})
    void numbersAreRoundedToTwoDecimals(double value, String text) {
        assertThat(Svg.number(value)).isEqualTo(text);
    }

    @Test
    void textsAndAttributesAreEscaped() {
        svg.box(0, 0, 1, 1, "a\"b", "</title><script>");
        svg.text(0, 0, Svg.Anchor.START, "c", "<&>'\u0007\u001b[1m");

        assertThat(svg.shapes())
                .containsExactly(
                        "<rect x=\"0\" y=\"0\" width=\"1\" height=\"1\" class=\"a&quot;b\">"
                                + "<title>&lt;/title&gt;&lt;script&gt;</title></rect>",
                        "<text x=\"0\" y=\"0\" class=\"c\">&lt;&amp;&gt;&#39;\uFFFD\uFFFD[1m</text>");
    }

    @Test
    void longTextIsCutAndItsTitleIsComplete() {
        svg.limited(0, 0, Svg.Anchor.END, "c", "0123456789", 5);
        svg.limited(0, 0, Svg.Anchor.END, "c", "0123456789", 1);

        assertThat(svg.shapes())
                .containsExactly(
                        "<text x=\"0\" y=\"0\" text-anchor=\"end\" class=\"c\"><title>0123456789</title>0123…</text>");
    }
}
