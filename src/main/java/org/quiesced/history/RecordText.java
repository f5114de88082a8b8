// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.quiesced.config.TimeSpan;
import org.quiesced.report.Outcome;
import org.quiesced.report.ReasonType;
import org.quiesced.report.Style;

/** Formats parts of a record as text. */
public final class RecordText {
    /** The reasons of a drive that was left to the kernel although it was to be shut down. */
    private static final Set<ReasonType> FAILURES =
            EnumSet.of(ReasonType.FAILED, ReasonType.TIMED_OUT, ReasonType.DEADLINE_REACHED, ReasonType.HOOK_ENDED);

    private RecordText() {}

    /**
     * Returns a duration in the format of {@link TimeSpan#format(double)}, for example {@code 4.20s} or {@code 85ms}.
     */
    public static String seconds(double seconds) {
        return TimeSpan.format(seconds);
    }

    /** Returns for example {@code took 4.20s, 3.5 times its usual 1.20s}; empty if the device was not slow. */
    public static Optional<String> slowness(DeviceRecord device, ShutdownRecord record) {
        return device.slowness(record)
                .map(times -> String.format(
                        Locale.ROOT,
                        "took %s, %.1f times its usual %s",
                        seconds(device.tookIn(record).orElseThrow()),
                        times,
                        seconds(device.usual().orElseThrow())));
    }

    /** Describes the outcome of a device, to follow "it was". */
    public static String outcome(DeviceRecord device) {
        return outcome(device.outcome(), device.took(), device.phase(), device.why());
    }

    /**
     * Describes an outcome, to follow "it was".
     *
     * @param time the duration of the shutdown, in seconds
     */
    public static String outcome(
            Outcome outcome, Optional<Double> time, Optional<String> phase, Optional<String> reason) {
        String took = time.map(seconds -> " after " + seconds(seconds)
                        + phase.map(name -> " in the " + name + " phase").orElse(""))
                .orElse("");
        String why = reason.map(words -> ": " + words).orElse("");
        return switch (outcome) {
            case DOWN -> "down" + took;
            case NOT_STOPPED -> "down" + took + ", but not stopped" + why;
            case NOT_NOTIFIED -> "disconnected, and not notified" + why;
            case UNCONFIRMED -> "notified, and did not confirm its shutdown" + why;
            case KERNEL -> "left to the kernel" + why;
            case IN_FLIGHT -> "in flight when the record ends";
            case UNKNOWN -> "planned, and what became of it is not known";
        };
    }

    /** Returns the drives of a record, or all its devices if it has no drives. */
    public static List<DeviceRecord> drives(ShutdownRecord record) {
        List<DeviceRecord> drives =
                record.devices().stream().filter(DeviceRecord::drive).toList();
        return drives.isEmpty() ? record.devices() : drives;
    }

    /** Returns the drives that were left to the kernel. */
    static List<DeviceRecord> left(ShutdownRecord record) {
        return drives(record).stream()
                .filter(drive -> drive.outcome() == Outcome.KERNEL)
                .toList();
    }

    /**
     * Returns a summary of the drives, for example {@code 23 of 24 drives down in 5.52s, 1 left to the kernel}. The
     * numbers add up to that of the drives. It has no time if they went down in several phases.
     */
    public static String summary(ShutdownRecord record) {
        List<DeviceRecord> drives = drives(record);
        StringBuilder text = new StringBuilder(downCount(record) + " of " + drives.size() + " drives down");
        long notStopped = count(drives, Outcome.NOT_STOPPED);
        if (notStopped > 0) {
            text.append(" (").append(notStopped).append(" of them not stopped)");
        }
        List<PhaseDrives> phases = PhaseDrives.of(record);
        if (phases.size() == 1) {
            text.append(" in ").append(TimeSpan.inWords(phases.get(0).took()));
        }
        count(text, drives, Outcome.KERNEL, "left to the kernel");
        count(text, drives, Outcome.UNCONFIRMED, "not confirmed");
        count(text, drives, Outcome.NOT_NOTIFIED, "not notified");
        count(text, drives, Outcome.IN_FLIGHT, "in flight at the end");
        count(text, drives, Outcome.UNKNOWN, "with an unknown end");
        return text.toString();
    }

    /**
     * Returns in which phases the drives went down, for example {@code 11 drives went down in the early phase in 3.10s,
     * while units were still being stopped; 13 in the late phase in 4.60s}; empty if all went down in the late phase.
     */
    public static Optional<String> phases(ShutdownRecord record) {
        return PhaseDrives.sentence(PhaseDrives.of(record));
    }

    /** Returns the style of a device's outcome: that of a failure if it failed, or may have. */
    static Style style(DeviceRecord device) {
        return switch (device.outcome()) {
            case DOWN -> Style.PLAIN;
            case NOT_STOPPED, IN_FLIGHT, UNKNOWN -> Style.WARNING;
            case NOT_NOTIFIED, UNCONFIRMED -> Style.BAD;
            case KERNEL -> device.reason().filter(RecordText::isFailure).isPresent() ? Style.BAD : Style.PLAIN;
        };
    }

    private static boolean isFailure(String reason) {
        return FAILURES.stream().anyMatch(failure -> failure.word().equals(reason));
    }

    /** Returns the number of drives that are down, stopped or not. */
    static long downCount(ShutdownRecord record) {
        return drives(record).stream().filter(drive -> drive.outcome().isDown()).count();
    }

    /** Returns the number of drives by the word of their outcome. */
    public static Map<String, Long> outcomes(ShutdownRecord record) {
        Map<String, Long> outcomes = new TreeMap<>();
        drives(record).forEach(drive -> outcomes.merge(drive.outcome().word(), 1L, Long::sum));
        return outcomes;
    }

    /** Returns the number of devices that quiesced shut down, and whose shutdown began before the late phase. */
    static long earlyCount(ShutdownRecord record) {
        return record.devices().stream()
                .filter(device -> device.took().isPresent())
                .filter(device ->
                        device.phase().filter(PhaseDrives.EARLY::contains).isPresent())
                .count();
    }

    private static long count(List<DeviceRecord> drives, Outcome outcome) {
        return drives.stream().filter(drive -> drive.outcome() == outcome).count();
    }

    private static void count(StringBuilder text, List<DeviceRecord> drives, Outcome outcome, String words) {
        long number = count(drives, outcome);
        if (number > 0) {
            text.append(", ").append(number).append(' ').append(words);
        }
    }
}
