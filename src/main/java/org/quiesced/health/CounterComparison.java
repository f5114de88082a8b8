// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.DeviceRecord.Counted;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordText;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.report.Outcome;

/**
 * The counters of drives before and after the end of a boot.
 *
 * @param before the drives of the boot that ended
 * @param now the drives of the present boot
 */
record CounterComparison(Drives before, Drives now) {
    /** A drive, its counters before and after, and its outcome in words. */
    private record Testimony(String label, String who, Counted counted, String fate) {}

    /**
     * Returns a record completed with the data of its drives. A drive is found by its path in the boot that ended, and
     * by its serial number in the present boot.
     */
    ShutdownRecord added(ShutdownRecord record, UsualTimes usual) {
        return record.map(device -> before.at(device.path())
                .map(drive -> device.with(
                        drive.identity(), counted(drive), usual.of(drive.driver(), drive.identity(), record.verb())))
                .orElse(device));
    }

    private Counted counted(Drive drive) {
        return new Counted(drive.counters(), now.same(drive).flatMap(Drive::counters));
    }

    /** Returns a line with the totals of a record, and a warning for each unsafe shutdown. */
    static List<LogLine> of(ShutdownRecord record) {
        return lines(record.devices().stream()
                .filter(device ->
                        device.before().flatMap(Counters::unsafeShutdowns).isPresent())
                .map(device -> new Testimony(
                        device.label(),
                        who(device),
                        new Counted(device.before(), device.after()),
                        "it was " + fate(device)))
                .toList());
    }

    /** Returns the same lines for a boot whose end was not recorded. */
    List<LogLine> unrecorded() {
        return lines(before.drives().stream()
                .filter(drive ->
                        drive.counters().flatMap(Counters::unsafeShutdowns).isPresent())
                .map(drive -> new Testimony(
                        drive.name(),
                        drive.model() + " " + drive.serial(),
                        counted(drive),
                        "the end of that boot was not recorded"))
                .toList());
    }

    private static List<LogLine> lines(List<Testimony> testimonies) {
        List<LogLine> lines = new ArrayList<>();
        long unsafe = count(testimonies, Proof.UNSAFE);
        long powered = count(testimonies, Proof.POWERED);
        long unknown = count(testimonies, Proof.UNKNOWN);
        long told = testimonies.size() - unknown;
        if (told > 0) {
            lines.add(LogLine.info((told - unsafe) + " of " + told + " drives report a clean shutdown"
                    + (powered > 0 ? ", " + powered + " of them have not lost their power" : "")
                    + (unknown > 0 ? "; " + unknown + " did not answer, or were replaced" : "")));
        } else if (unknown > 0) {
            lines.add(LogLine.info("no drive has reported whether it was shut down cleanly"));
        }
        testimonies.stream()
                .filter(testimony -> testimony.counted().proof() == Proof.UNSAFE)
                .forEach(testimony -> lines.add(LogLine.warning(String.format(
                        "%s, %s, reports an unsafe shutdown (%s counted before, %s now); %s",
                        testimony.label(),
                        testimony.who(),
                        unsafe(testimony.counted().before()),
                        unsafe(testimony.counted().after()),
                        testimony.fate()))));
        return lines;
    }

    private static BigInteger unsafe(Optional<Counters> counters) {
        return counters.flatMap(Counters::unsafeShutdowns).orElse(BigInteger.ZERO);
    }

    /** Returns a line for each disk that was stopped, or lost its power, though the machine was to start again. */
    static List<LogLine> startedAnew(ShutdownRecord record) {
        return record.startsAgain()
                ? record.devices().stream()
                        .flatMap(device -> Counters.startStopsBetween(device.before(), device.after()).stream()
                                .filter(cycles -> cycles.signum() > 0)
                                .map(cycles -> LogLine.info(String.format(
                                        "%s, %s, counted %s more start-stop %s: it was stopped, or lost its power",
                                        device.label(),
                                        who(device),
                                        cycles,
                                        cycles.equals(BigInteger.ONE) ? "cycle" : "cycles"))))
                        .toList()
                : List.of();
    }

    private static long count(List<Testimony> testimonies, Proof proof) {
        return testimonies.stream()
                .filter(testimony -> testimony.counted().proof() == proof)
                .count();
    }

    private static String who(DeviceRecord device) {
        return device.model().orElse("") + " " + device.serial().orElse("");
    }

    /** Returns in words what we had done with a device, after "it was". */
    private static String fate(DeviceRecord device) {
        return fate(device.outcome(), device.took(), device.phase(), device.why());
    }

    /** Returns the same of a device that came to some outcome, in some time and phase, for some reason. */
    static String fate(Outcome outcome, Optional<Double> time, Optional<String> phase, Optional<String> reason) {
        String took = time.map(seconds -> " after " + RecordText.seconds(seconds)
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
}
