// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.quiesced.report.DeviceCounts;
import org.quiesced.report.Page;
import org.quiesced.report.ReasonType;
import org.quiesced.report.Style;

/** Names the drives of a shutdown that were left to the kernel, by the reason. */
final class LeftText {
    /** Maximum number of reasons, and of drives for each reason, that are named; the others are counted. */
    private static final int NAMED = 3;

    private static final String LEFT = "Left to the kernel: ";
    private static final String LISTED = "; \"quiescectl blame\" lists them.";

    private LeftText() {}

    /**
     * Adds the number of those that were left at the deadline, and a line for each of the first reasons, for example
     * {@code Left to the kernel: nvme7 (31.00s): in use, mounted on /.}, with the time in the kernel's walk. The drives
     * that took longest there come first.
     */
    static void add(Page page, ShutdownRecord record) {
        List<DeviceRecord> left = RecordText.left(record);
        deadline(page, left);
        Map<String, List<DeviceRecord>> byReason = new LinkedHashMap<>();
        left.stream()
                .sorted(Comparator.comparingLong(drive -> -millis(drive, record)))
                .forEach(drive -> byReason.computeIfAbsent(reason(drive), none -> new ArrayList<>())
                        .add(drive));
        byReason.entrySet().stream()
                .limit(NAMED)
                .forEach(entry -> page.line(
                        line(entry.getKey(), entry.getValue(), record),
                        RecordText.style(entry.getValue().get(0))));
        int more = byReason.values().stream().skip(NAMED).mapToInt(List::size).sum();
        if (more > 0) {
            page.line(LEFT + more + " more for other reasons" + LISTED);
        }
    }

    private static void deadline(Page page, List<DeviceRecord> left) {
        long count = left.stream()
                .filter(drive -> drive.reason()
                        .filter(ReasonType.DEADLINE_REACHED.word()::equals)
                        .isPresent())
                .count();
        if (count > 0) {
            page.line(
                    "The deadline was reached: " + DeviceCounts.count(count, "drive") + " left to the kernel because of"
                            + " it.",
                    Style.BAD);
        }
    }

    private static String line(String why, List<DeviceRecord> drives, ShutdownRecord record) {
        int more = drives.size() - NAMED;
        return LEFT
                + drives.stream()
                        .limit(NAMED)
                        .map(drive -> name(drive) + " (" + time(drive, record) + ")")
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "")
                + ": "
                + why
                + (more > 0 ? LISTED : ".");
    }

    /** Returns a time as it is shown, so that equal ones keep the order of discovery; unknown ones are last. */
    private static long millis(DeviceRecord drive, ShutdownRecord record) {
        return drive.tookInWalk(record)
                .map(seconds -> Math.round(seconds * 1e3))
                .orElse(-1L);
    }

    /** Returns the reason without the name of the drive's disk, so that it may be that of several drives. */
    private static String reason(DeviceRecord drive) {
        String disk = "^" + Pattern.quote(name(drive)) + "\\S* is ";
        return drive.why().map(why -> why.replaceFirst(disk, "")).orElse("the reason is unknown");
    }

    private static String name(DeviceRecord drive) {
        return RecordedNames.alias(drive).orElse(drive.label());
    }

    private static String time(DeviceRecord drive, ShutdownRecord record) {
        return drive.tookInWalk(record).map(RecordText::seconds).orElse("time unknown");
    }
}
