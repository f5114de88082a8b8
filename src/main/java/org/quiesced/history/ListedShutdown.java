// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.quiesced.report.DeviceCounts;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * A shutdown of the list of all that are recorded. Times are in seconds.
 *
 * @param number its number
 * @param file the file of its record; in JSON a path rather than a URI
 * @param took its duration; empty if unknown
 * @param saved the time saved compared to the kernel alone, negative if it took longer; empty if unknown
 * @param record its record; empty if it cannot be read
 * @param problem why it cannot be read, in words without the file; empty if it can
 */
public record ListedShutdown(
        int number,
        @JsonSerialize(using = ToStringSerializer.class) Path file,
        Optional<Double> took,
        Optional<Double> saved,
        Optional<ShutdownRecord> record,
        Optional<String> problem) {
    /** Length of the day at the beginning of a date. */
    private static final int DAY = 14;

    private static ListedShutdown of(StoredRecord stored) {
        return new ListedShutdown(
                stored.number(),
                stored.file(),
                stored.record().flatMap(record -> Phases.of(record).took()),
                stored.record().flatMap(Savings::of),
                stored.record(),
                stored.problem());
    }

    /** Returns the list of the stored records. */
    public static List<ListedShutdown> of(List<StoredRecord> records) {
        return records.stream().map(ListedShutdown::of).toList();
    }

    /**
     * Returns what all of them saved, for example {@code 8 shutdowns since Fri 2026-10-30 saved about 12min.}
     *
     * @param shutdowns at least one, the oldest first
     */
    static String sum(List<ListedShutdown> shutdowns, ZoneId zone) {
        List<ListedShutdown> known =
                shutdowns.stream().filter(listed -> listed.saved().isPresent()).toList();
        int unknown = shutdowns.size() - known.size();
        if (known.isEmpty()) {
            return "How much time was saved is not known for any of them.";
        }
        double sum = known.stream()
                .mapToDouble(listed -> listed.saved().orElseThrow())
                .sum();
        String time = RecordText.seconds(Math.abs(sum));
        String since =
                HistoryText.date(known.get(0).record().orElseThrow(), zone).substring(0, DAY);
        return DeviceCounts.count(known.size(), "shutdown") + " since " + since
                + (sum < 0 ? " took about " + time + " longer than by the kernel alone" : " saved about " + time)
                + (unknown == 0 ? "." : "; it is not known for " + unknown + " more.");
    }
}
