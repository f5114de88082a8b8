// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the part of a record that the kernel's log carries over the restart. pstore stores the last ten kilobytes
 * of that log by default ({@code kmsg_bytes} in {@code fs/pstore/platform.c}), so lines are short, and each can be read
 * without the others.
 *
 * <p>A line is {@code 1 BOOT VERB UPTIME EDITION NUMBER/OF ITEM...}. UPTIME is the time of the request, in seconds of
 * the monotonic clock. Each update writes all lines again as a new edition. An item is a mark, {@code NAME=SECONDS}, or
 * a {@link CarriedDevice}.
 *
 * @param shutdown the shutdown that the line belongs to
 * @param edition counts from 1; a later edition of a device's item replaces an earlier one
 * @param number the number of the line in its edition, from 1
 * @param parts the number of lines of the edition
 * @param marks all marks; each line has all of them
 * @param progress the progress of some of the devices
 */
record CarriedLine(
        Shutdown shutdown, int edition, int number, int parts, Map<Mark, Double> marks, List<Progressed> progress) {
    /** The version of the format; the first word of each line. */
    private static final String VERSION = "1";

    /**
     * Maximum length of the items of a line, in characters. With its prefix, a line stays below the limit of /dev/kmsg,
     * 976 bytes on the oldest supported kernels (LOG_LINE_MAX in kernel/printk/printk.c).
     */
    static final int LONGEST_ITEMS = 620;

    /**
     * Upper limit of the number of editions by the daemon. The one-shot command, which replaces a daemon that has died,
     * counts from here.
     */
    static final int EDITIONS_OF_DAEMON = 1000;

    private static final Pattern LINE = Pattern.compile(
            VERSION + " (\\S+) (\\S+) (\\d{1,12}\\.\\d{1,9}) (\\d{1,6}) (\\d{1,6})/(\\d{1,6})((?: \\S+)*)");

    private static final Pattern MOMENT = Pattern.compile("([a-z]+)=(-?\\d{1,12}\\.\\d{1,9})");

    /**
     * Identifies a shutdown. A boot may have several, of which all but the last were cancelled.
     *
     * @param boot the id of the boot that ends
     * @param verb poweroff, reboot, halt or kexec
     * @param uptime the time of the request, in seconds of the monotonic clock
     */
    record Shutdown(String boot, String verb, double uptime) {
        /** Returns the shutdown of a record. */
        static Shutdown of(ShutdownRecord record) {
            return new Shutdown(record.boot(), record.verb(), record.uptime());
        }

        /**
         * Returns whether both are the same shutdown. The times may differ slightly, because a line has six decimals.
         */
        boolean is(Shutdown other) {
            return boot.equals(other.boot) && verb.equals(other.verb) && Math.abs(uptime - other.uptime) < 1e-5;
        }
    }

    /** Returns whether the line was written by the one-shot command instead of the daemon. */
    boolean isOfOneShot() {
        return edition > EDITIONS_OF_DAEMON;
    }

    /** Returns the lines of an edition. */
    static List<String> of(Shutdown shutdown, int edition, Map<Mark, Double> marks, List<Progressed> progress) {
        StringBuilder moments = new StringBuilder();
        marks.forEach((mark, at) -> moments.append(String.format(Locale.ROOT, " %s=%.3f", mark.word(), at)));
        List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        for (Progressed device : progress) {
            String item = CarriedDevice.item(device);
            if (lines.get(lines.size() - 1).length() + item.length() > LONGEST_ITEMS) {
                lines.add(new StringBuilder());
            }
            lines.get(lines.size() - 1).append(' ').append(item);
        }
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            whole.add(String.format(
                    Locale.ROOT,
                    "%s %s %s %.6f %d %d/%d%s%s",
                    VERSION,
                    shutdown.boot(),
                    shutdown.verb(),
                    shutdown.uptime(),
                    edition,
                    i + 1,
                    lines.size(),
                    moments,
                    lines.get(i)));
        }
        return whole;
    }

    /** Parses a line; empty if it has another version or is damaged. */
    static Optional<CarriedLine> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<Mark, Double> marks = new EnumMap<>(Mark.class);
        List<Progressed> progress = new ArrayList<>();
        try {
            for (String item : matcher.group(7).strip().split(" ")) {
                Matcher moment = MOMENT.matcher(item);
                if (moment.matches()) {
                    double at = Double.parseDouble(moment.group(2));
                    Mark.ofWord(moment.group(1)).ifPresent(mark -> marks.put(mark, at));
                } else if (!item.isEmpty()) {
                    progress.add(CarriedDevice.parse(item));
                }
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(new CarriedLine(
                new Shutdown(matcher.group(1), matcher.group(2), Double.parseDouble(matcher.group(3))),
                Integer.parseInt(matcher.group(4)),
                Integer.parseInt(matcher.group(5)),
                Integer.parseInt(matcher.group(6)),
                marks,
                progress));
    }
}
