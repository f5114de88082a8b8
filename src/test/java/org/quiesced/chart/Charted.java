// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Mark;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.report.Outcome;

/** Records of shutdowns for tests of pictures. */
final class Charted {
    private Charted() {}

    /**
     * Returns a shutdown of ten seconds: units, early phase, late phase from second 5 on, the kernel from second 9 on.
     */
    static ShutdownRecord shutdown(List<DeviceRecord> devices) {
        Map<Mark, Double> marks = new EnumMap<>(Mark.class);
        marks.put(Mark.ASKED, 0.0);
        marks.put(Mark.EARLY, 2.0);
        marks.put(Mark.FINAL, 4.0);
        marks.put(Mark.LATE, 5.0);
        marks.put(Mark.END, 9.0);
        marks.put(Mark.WALK, 9.0);
        marks.put(Mark.RESTART, 10.0);
        return new ShutdownRecord(
                ShutdownRecord.FORMAT,
                "boot",
                "0.1.0",
                "6.1",
                "reboot",
                1_795_000_000.0,
                100,
                "serial",
                9.0,
                Optional.empty(),
                marks,
                devices,
                Optional.empty(),
                Optional.empty());
    }

    /** Returns a drive that was flushed and checked, in one second each, and shut down in two. */
    static DeviceRecord down(String name, double start) {
        return device(
                name,
                Outcome.DOWN,
                Optional.of(start),
                Optional.of(start + 1),
                Optional.of(start + 2),
                Optional.of(start + 4),
                Optional.empty());
    }

    static DeviceRecord left(String name, Optional<Double> start, double end, String why) {
        return device(
                name, Outcome.KERNEL, start, Optional.empty(), Optional.empty(), Optional.of(end), Optional.of(why));
    }

    static DeviceRecord device(
            String name,
            Outcome outcome,
            Optional<Double> start,
            Optional<Double> flushed,
            Optional<Double> removal,
            Optional<Double> end,
            Optional<String> why) {
        return device(name, outcome, start, flushed, removal, Optional.empty(), end, why);
    }

    /** Returns a disk that was flushed, checked and unbound, in one second each, and stopped in two. */
    static DeviceRecord stopped(String name, double start) {
        return device(
                name,
                Outcome.DOWN,
                Optional.of(start),
                Optional.of(start + 1),
                Optional.of(start + 2),
                Optional.of(start + 3),
                Optional.of(start + 5),
                Optional.empty());
    }

    private static DeviceRecord device(
            String name,
            Outcome outcome,
            Optional<Double> start,
            Optional<Double> flushed,
            Optional<Double> removal,
            Optional<Double> stop,
            Optional<Double> end,
            Optional<String> why) {
        return new DeviceRecord(
                name,
                "/devices/" + name,
                name,
                "nvme",
                Optional.empty(),
                Optional.empty(),
                "parallel",
                true,
                Optional.of(4.0),
                List.of(),
                Optional.of("late"),
                Optional.empty(),
                Optional.of("parallel"),
                start,
                flushed,
                removal,
                stop,
                end,
                outcome,
                why.map(words -> "failed"),
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static List<DeviceRecord> drives(int count) {
        List<DeviceRecord> drives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drives.add(down("0000:" + i + ":00.0 (nvme" + i + ")", 5));
        }
        return drives;
    }
}
