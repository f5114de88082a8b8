// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans in the syntax of systemd.time(7). */
public final class TimeSpan {
    private static final Map<String, Duration> UNITS = Map.ofEntries(
            Map.entry("", Duration.ofSeconds(1)),
            Map.entry("us", Duration.ofNanos(1_000)),
            Map.entry("ms", Duration.ofMillis(1)),
            Map.entry("s", Duration.ofSeconds(1)),
            Map.entry("sec", Duration.ofSeconds(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("min", Duration.ofMinutes(1)),
            Map.entry("h", Duration.ofHours(1)));
    private static final Pattern PART = Pattern.compile("(\\d{1,9}+(?:\\.\\d{1,9}+)?+)(?![\\d.]) *([a-z]*) *");

    private TimeSpan() {}

    /**
     * Parses a time span: the sum of numbers with the units {@code us}, {@code ms}, {@code s}, {@code min} (or {@code
     * m}) and {@code h}; a number without a unit is in seconds.
     *
     * @throws IllegalArgumentException if the text is not a time span
     */
    public static Duration parse(String text) {
        Matcher part = PART.matcher(text.strip());
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            Duration unit = UNITS.get(part.group(2));
            if (unit == null) {
                break;
            }
            sum = sum.plusNanos(Math.round(Double.parseDouble(part.group(1)) * unit.toNanos()));
            end = part.end();
        }
        if (end == 0 || end != text.strip().length()) {
            throw new IllegalArgumentException("not a time span: \"" + text + "\" (write 80s, 500ms or 1min 20s)");
        }
        return sum;
    }

    /** Formats a time span, for example {@code 110 ms}, {@code 4.50 s}, {@code 11 min 2 s}. */
    public static String format(Duration span) {
        long millis = Math.round(span.toNanos() / 1e6);
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 100_000) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1e3);
        }
        long seconds = Math.round(millis / 1e3);
        if (seconds < 3_600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }
}
