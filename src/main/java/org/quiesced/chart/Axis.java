// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A time axis that begins at 0.
 *
 * @param end its end, in seconds
 * @param left the x coordinate of its beginning, in pixels
 * @param width its width, in pixels
 */
record Axis(double end, double left, double width) {
    /** Minimum time span of an axis, in seconds. */
    private static final double SHORTEST_AXIS = 0.001;

    /** Minimum distance of ticks, in pixels. */
    private static final double ROOM = 56;

    /**
     * A tick.
     *
     * @param x its x coordinate, in pixels
     */
    record Tick(double x, String label) {}

    /** Ensures a positive time span. */
    Axis {
        end = Math.max(SHORTEST_AXIS, end);
    }

    /** Returns the x coordinate of a time in seconds, at most that of the end. */
    double x(double seconds) {
        return left + width * Math.min(1, Math.max(0, seconds / end));
    }

    /** Returns ticks at equidistant round times. */
    List<Tick> ticks() {
        double step = step();
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= end * (1 + 1e-9); i++) {
            ticks.add(new Tick(x(i * step), label(i * step, step)));
        }
        return ticks;
    }

    /** Returns 1, 2 or 5 times a power of ten. */
    private double step() {
        double least = end / Math.max(1, Math.floor(width / ROOM));
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (power * factor >= least * (1 - 1e-9)) {
                return power * factor;
            }
        }
        return power * 10;
    }

    private static String label(double seconds, double step) {
        if (step < 0.1) {
            return String.format(Locale.ROOT, step < 0.001 ? "%.1fms" : "%.0fms", seconds * 1e3);
        }
        return String.format(Locale.ROOT, step < 1 ? "%.1fs" : "%.0fs", seconds);
    }
}
