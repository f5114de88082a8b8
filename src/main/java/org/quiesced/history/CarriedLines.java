// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a record that the kernel's log carries over the restart, as lines of text. Nothing else can be written to
 * at the end of a shutdown; pstore keeps the last ten kilobytes of it by default, which is why the lines are short.
 *
 * <p>Each line is {@code record 1 BOOT VERB UPTIME EDITION NUMBER/OF ITEM...}. UPTIME is the moment of the request, in
 * seconds of the monotonic clock. The lines are written again, as another edition, whenever there is more to say. An item is a moment, {@code NAME=SECONDS}, or a device, {@code
 * NAME,PHASE,START,FLUSHED,REMOVAL,END,OUTCOME[,REASON,WORDS]}, with times in milliseconds since the request, an outcome of
 * one letter, and words that are encoded as in a URL.
 *
 * @param boot the boot that ended
 * @param verb what the machine was about to do
 * @param uptime when that was asked for
 * @param edition counts from 1; the last one counts
 * @param parts how many lines there should be
 * @param numbers which of these lines there are, from 1
 * @param marks the moments
 * @param progress what became of the devices
 */
record CarriedLines(
        String boot,
        String verb,
        double uptime,
        int edition,
        int parts,
        Set<Integer> numbers,
        Map<Mark, Double> marks,
        List<DeviceRecord.Progressed> progress) {
    /** The words that each line begins with. */
    static final String BEGINNING = "record 1 ";

    /** Longest line: /dev/kmsg takes 976 bytes and more (LOG_LINE_MAX in kernel/printk/printk.c) with its prefix. */
    static final int LONGEST_LINE = 800;

    /** Longest reason in words. */
    private static final int LONGEST_REASON = 80;

    private static final int FIELDS = 7;

    boolean isWhole() {
        return numbers.size() == parts;
    }

    /** Returns the lines for what has happened so far. */
    static List<String> of(
            String boot,
            String verb,
            double uptime,
            int edition,
            Map<Mark, Double> marks,
            List<DeviceRecord.Progressed> progress) {
        List<String> items = new ArrayList<>();
        marks.forEach((mark, at) -> items.add(mark.word() + "=" + String.format(Locale.ROOT, "%.3f", at)));
        progress.forEach(device -> items.add(item(device)));
        List<StringBuilder> lines = new ArrayList<>();
        for (String item : items) {
            if (lines.isEmpty() || lines.get(lines.size() - 1).length() + item.length() > LONGEST_LINE) {
                lines.add(new StringBuilder());
            }
            lines.get(lines.size() - 1).append(' ').append(item);
        }
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            whole.add(String.format(
                    Locale.ROOT,
                    "%s%s %s %.6f %d %d/%d%s",
                    BEGINNING,
                    boot,
                    verb,
                    uptime,
                    edition,
                    i + 1,
                    lines.size(),
                    lines.get(i)));
        }
        return whole;
    }

    private static String item(DeviceRecord.Progressed device) {
        StringBuilder item = new StringBuilder(encoded(device.device()))
                .append(',')
                .append(device.phase().orElse(""))
                .append(',')
                .append(milliseconds(device.start()))
                .append(',')
                .append(milliseconds(device.flushed()))
                .append(',')
                .append(milliseconds(device.removal()))
                .append(',')
                .append(milliseconds(device.end()))
                .append(',')
                .append(device.outcome().letter());
        device.reason()
                .ifPresent(reason -> item.append(',')
                        .append(reason)
                        .append(',')
                        .append(encoded(limited(device.why().orElse("")))));
        return item.toString();
    }

    private static String limited(String reason) {
        // Each other character would take up to nine in the line.
        String words = reason.replaceAll("[^ -~]", "?");
        return words.length() <= LONGEST_REASON ? words : words.substring(0, LONGEST_REASON - 3) + "...";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%3A", ":");
    }

    private static String milliseconds(Optional<Double> seconds) {
        return seconds.map(value -> String.valueOf(Math.round(value * 1e3))).orElse("");
    }

    /**
     * Reads a line without what the kernel's log has before it. Returns nothing if it is none of ours, or is damaged.
     */
    static Optional<CarriedLines> parse(String line) {
        if (!line.startsWith(BEGINNING)) {
            return Optional.empty();
        }
        String[] words = line.substring(BEGINNING.length()).split(" ");
        try {
            String[] part = words[4].split("/");
            Map<Mark, Double> marks = new EnumMap<>(Mark.class);
            List<DeviceRecord.Progressed> progress = new ArrayList<>();
            for (int i = 5; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                if (equals > 0 && words[i].indexOf(',') < 0) {
                    double at = Double.parseDouble(words[i].substring(equals + 1));
                    Mark.ofWord(words[i].substring(0, equals)).ifPresent(mark -> marks.put(mark, at));
                } else {
                    progress.add(device(words[i]));
                }
            }
            return Optional.of(new CarriedLines(
                    words[0],
                    words[1],
                    Double.parseDouble(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(part[1]),
                    Set.of(Integer.valueOf(part[0])),
                    marks,
                    progress));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static DeviceRecord.Progressed device(String item) {
        String[] fields = item.split(",", -1);
        Outcome outcome = Outcome.ofLetter(fields[FIELDS - 1])
                .orElseThrow(() -> new IllegalArgumentException("no outcome: " + item));
        boolean hasReason = fields.length >= FIELDS + 2;
        return new DeviceRecord.Progressed(
                decoded(fields[0]),
                Optional.of(fields[1]).filter(word -> !word.isEmpty()),
                seconds(fields[2]),
                seconds(fields[3]),
                seconds(fields[4]),
                seconds(fields[5]),
                outcome,
                hasReason ? Optional.of(fields[FIELDS]) : Optional.empty(),
                hasReason ? Optional.of(decoded(fields[FIELDS + 1])) : Optional.empty());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Optional<Double> seconds(String milliseconds) {
        return milliseconds.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(milliseconds) / 1e3);
    }

    /** Returns whether both belong to the same edition of the same record. */
    boolean belongsTo(CarriedLines other) {
        return boot.equals(other.boot) && edition == other.edition && parts == other.parts;
    }

    /** Returns two parts of one edition as one. */
    CarriedLines and(CarriedLines other) {
        if (numbers.containsAll(other.numbers)) {
            return this;
        }
        Set<Integer> all = new TreeSet<>(numbers);
        all.addAll(other.numbers);
        Map<Mark, Double> moments = new EnumMap<>(Mark.class);
        moments.putAll(marks);
        moments.putAll(other.marks);
        List<DeviceRecord.Progressed> devices = new ArrayList<>(progress);
        devices.addAll(other.progress);
        return new CarriedLines(boot, verb, uptime, edition, parts, all, moments, devices);
    }
}
