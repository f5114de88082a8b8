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

    /** Minimum time that is not formatted as 0 ms, in seconds. */
    public static final double SHORTEST = 0.0005;

    private static final double NANOS = 1e9;
    /** A minute, in hundredths of a second. */
    private static final long MINUTE = 6_000;

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

    /**
     * Formats a time span as systemd's tools do, for example {@code 110ms}, {@code 4.50s}, {@code 1min 48.25s} or
     * {@code 2h 5min}. The texts of {@code quiescectl} use this format; {@link #parse} reads it.
     */
    public static String format(Duration span) {
        return format(span.toNanos() / NANOS);
    }

    /**
     * Formats a time span as {@link #format(Duration)} does.
     *
     * @param seconds the time span in seconds; a negative one has a minus sign
     */
    public static String format(double seconds) {
        if (seconds < 0) {
            String positive = format(-seconds);
            return positive.equals("0ms") ? positive : "-" + positive;
        }
        long millis = Math.round(seconds * 1e3);
        if (millis < 1_000) {
            return millis + "ms";
        }
        long hundredths = Math.round(seconds * 100);
        if (hundredths < MINUTE) {
            return String.format(Locale.ROOT, "%.2fs", hundredths / 100.0);
        }
        long minutes = hundredths / MINUTE;
        return minutes < 60
                ? minutes + "min" + rest(hundredths % MINUTE)
                : minutes / 60 + "h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + "min");
    }

    /**
     * Returns a duration for a sentence, in seconds: {@code almost no time} instead of 0 ms, or else the result of
     * {@link #format(double)}.
     */
    public static String inWords(double seconds) {
        return seconds < SHORTEST ? "almost no time" : format(seconds);
    }

    /** Returns a duration for a sentence likewise. */
    public static String inWords(Duration duration) {
        return inWords(duration.toNanos() / 1e9);
    }

    /** Returns the seconds after the minutes: empty for none, and without a fraction for whole ones. */
    private static String rest(long hundredths) {
        if (hundredths == 0) {
            return "";
        }
        return hundredths % 100 == 0
                ? " " + hundredths / 100 + "s"
                : String.format(Locale.ROOT, " %.2fs", hundredths / 100.0);
    }
}
