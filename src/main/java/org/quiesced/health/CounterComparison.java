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

/**
 * The counters of drives at two readings, normally before and after the end of a boot.
 *
 * @param before the last reading in the boot that ended, or the previous one in the present boot
 * @param now the present reading
 */
record CounterComparison(Drives before, Drives now) {
    /**
     * A drive and its counters.
     *
     * @param label its display name
     * @param model its model and serial number
     * @param outcome its outcome, as text
     */
    private record CountedDrive(String label, String model, Counted counted, String outcome) {
        static CountedDrive of(DeviceRecord device) {
            return new CountedDrive(
                    device.label(),
                    CounterComparison.model(device),
                    new Counted(device.before(), device.after()),
                    "it was " + RecordText.outcome(device));
        }

        Optional<String> warning() {
            return counted.proof() != Proof.UNSAFE
                    ? Optional.empty()
                    : Optional.of(String.format(
                            "%s, %s, reports an unsafe shutdown (%s counted before, %s now); %s",
                            label, model, unsafe(counted.before()), unsafe(counted.after()), outcome));
        }
    }

    /** Returns the warning about a drive that counted an unsafe shutdown; empty if it did not. */
    static Optional<String> warning(DeviceRecord device) {
        return CountedDrive.of(device).warning();
    }

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
                .map(CountedDrive::of)
                .toList());
    }

    /** Returns the same lines for a boot whose end was not recorded. */
    List<LogLine> unrecorded() {
        return lines(counted("the end of that boot was not recorded"));
    }

    /** Returns a warning for each drive that lost its power between two readings in one boot. */
    List<LogLine> whileRunning() {
        return warnings(counted("it lost its power while the system was running"));
    }

    private List<CountedDrive> counted(String outcome) {
        return before.drives().stream()
                .filter(drive ->
                        drive.counters().flatMap(Counters::unsafeShutdowns).isPresent())
                .map(drive ->
                        new CountedDrive(drive.name(), drive.model() + " " + drive.serial(), counted(drive), outcome))
                .toList();
    }

    private static List<LogLine> lines(List<CountedDrive> drives) {
        List<LogLine> lines = new ArrayList<>();
        long unsafe = count(drives, Proof.UNSAFE);
        long powered = count(drives, Proof.POWERED);
        long unknown = count(drives, Proof.UNKNOWN);
        long answered = drives.size() - unknown;
        if (answered > 0) {
            lines.add(LogLine.info((answered - unsafe) + " of " + answered + " drives report a clean shutdown"
                    + (powered > 0 ? ", " + powered + " of them have not lost their power" : "")
                    + (unknown > 0 ? "; " + unknown + " did not answer, or were replaced" : "")));
        } else if (unknown > 0) {
            lines.add(LogLine.info("no drive has reported whether it was shut down cleanly"));
        }
        lines.addAll(warnings(drives));
        return lines;
    }

    private static List<LogLine> warnings(List<CountedDrive> drives) {
        return drives.stream()
                .flatMap(drive -> drive.warning().stream())
                .map(LogLine::warning)
                .toList();
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
                                        model(device),
                                        cycles,
                                        cycles.equals(BigInteger.ONE) ? "cycle" : "cycles"))))
                        .toList()
                : List.of();
    }

    private static long count(List<CountedDrive> drives, Proof proof) {
        return drives.stream().filter(drive -> drive.counted().proof() == proof).count();
    }

    private static String model(DeviceRecord device) {
        return device.model().orElse("") + " " + device.serial().orElse("");
    }
}
