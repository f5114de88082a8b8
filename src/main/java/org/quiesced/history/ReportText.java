// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Table;

/** Formats one record as text: its marks, and the outcome of each device, with why it was left or went down late. */
public final class ReportText {
    private ReportText() {}

    /** Returns the lines. */
    public static List<String> lines(ShutdownRecord record, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        if (record.asked() > 0) {
            lines.add(HistoryText.date(record, zone) + ", Linux " + record.kernel() + ", quiesced " + record.version());
        }
        lines.addAll(TimeText.lines(record));
        lines.add("");
        Table moments = new Table(Set.of(0), "AT", "MOMENT");
        record.marks().forEach((mark, at) -> moments.row(RecordText.seconds(at), describe(mark)));
        lines.addAll(moments.lines());
        lines.add("");
        Lateness lateness = new Lateness(record);
        Table devices = new Table(Set.of(3, 4, 5), "DEVICE", "DRIVER", "PHASE", "FROM", "STOP", "TO", "OUTCOME", "WHY");
        record.devices()
                .forEach(device -> devices.row(
                        device.label(),
                        device.driver(),
                        device.phase().orElse("-"),
                        time(device.start()),
                        time(device.stop()),
                        time(device.end()),
                        device.outcome().word(),
                        device.why().or(() -> lateness.of(device)).orElse("-")));
        lines.addAll(devices.lines());
        section(lines, UnitsText.lines(record));
        section(lines, WalkText.lines(record));
        return lines;
    }

    private static void section(List<String> lines, List<String> added) {
        if (!added.isEmpty()) {
            lines.add("");
            lines.addAll(added);
        }
    }

    private static String time(Optional<Double> time) {
        return time.map(RecordText::seconds).orElse("-");
    }

    private static String describe(Mark mark) {
        return switch (mark) {
            case ASKED -> "the shutdown is requested";
            case NETWORK -> "the network is about to be stopped";
            case EARLY -> "local file systems are unmounted: the early phase begins";
            case FINAL -> "all units are stopped: systemd-shutdown takes over";
            case KILL -> "the last processes are killed";
            case UNMOUNTED -> "all file systems are unmounted";
            case LATE -> "the hook sends its request: the late phase begins";
            case EXITRD -> "the root file system is unmounted: the exitrd's phase begins";
            case END -> "quiesced has ended, or handed over";
            case WALK -> "the kernel walks over the devices";
            case RESTART -> "the kernel's walk has ended: the machine powers off or restarts";
        };
    }
}
