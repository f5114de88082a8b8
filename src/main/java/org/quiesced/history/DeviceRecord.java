// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import org.quiesced.method.DriveIdentity;
import org.quiesced.report.DeviceEntry;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Outcome;
import org.quiesced.report.PhaseType;
import org.quiesced.report.PlanJson;

/**
 * The record of one device in a shutdown. Times are in seconds since the shutdown request.
 *
 * @param device its sysfs name
 * @param path its path below {@code /sys}
 * @param label its display name, for example {@code 0000:01:00.0 (nvme0)}
 * @param driver its driver
 * @param model the model of the drive; empty if none is known
 * @param serial its serial number, or the name of its logical unit; empty if none is known
 * @param disposition {@code parallel}, {@code serial} or {@code kernel}; {@code unknown} if nothing was planned
 * @param drive whether it is a drive, unlike a bridge
 * @param expected its expected shutdown time, in seconds
 * @param waitsFor the names of the nearest dependents that have a driver
 * @param phase the phase in which its shutdown began or was planned: {@code network}, {@code early}, {@code late} or
 *     {@code exitrd}
 * @param deferred the type of the reason for which it waited for that phase, a word of {@code ReasonType}; empty if it
 *     did not
 * @param lane {@code parallel} or {@code serial}: whether it went down beside others, or one at a time; empty if
 *     unknown
 * @param start when its shutdown began
 * @param flushed when its caches were written
 * @param removal when the removal of its driver, or its notification, began
 * @param stop when its driver was gone, and the stop of its disk began
 * @param end when its shutdown ended, or it was left to the kernel
 * @param outcome the outcome
 * @param reason unless it is down, the type of the reason, a word of {@code ReasonType}
 * @param why the reason in words
 * @param before the drive's counters at the last reading in the boot that ended
 * @param after its counters at the start of the next boot
 * @param usual the median of its times in earlier shutdowns of the same kind, in seconds
 */
public record DeviceRecord(
        String device,
        String path,
        String label,
        String driver,
        Optional<String> model,
        Optional<String> serial,
        String disposition,
        boolean drive,
        Optional<Double> expected,
        List<String> waitsFor,
        Optional<String> phase,
        Optional<String> deferred,
        Optional<String> lane,
        Optional<Double> start,
        Optional<Double> flushed,
        Optional<Double> removal,
        Optional<Double> stop,
        Optional<Double> end,
        Outcome outcome,
        Optional<String> reason,
        Optional<String> why,
        Optional<Counters> before,
        Optional<Counters> after,
        Optional<Double> usual)
        implements DeviceEntry {
    /** Minimum ratio of a slow drive's time to its usual time. */
    private static final double SLOW = 3;

    /**
     * Minimum difference between a slow drive's time and its usual time, in seconds; less is within the normal
     * variation.
     */
    private static final double MUCH = 1;

    /** Copies the list; values that are absent in JSON are empty. */
    public DeviceRecord {
        waitsFor = waitsFor == null ? List.of() : List.copyOf(waitsFor);
    }

    /**
     * Creates the record of a device before its shutdown. The outcome is unknown unless the device is left to the
     * kernel.
     */
    static DeviceRecord planned(PlanJson.Entry entry) {
        boolean isLeft = entry.disposition() == DispositionType.KERNEL;
        Progressed progress = Progressed.none(
                entry.device(),
                entry.phase().map(PhaseType::word),
                isLeft ? Outcome.KERNEL : Outcome.UNKNOWN,
                isLeft ? Optional.of(entry.reason().type().word()) : Optional.empty(),
                isLeft ? Optional.of(entry.reason().describe()) : Optional.empty());
        return of(
                progress,
                entry.path(),
                entry.label(),
                entry.driver(),
                Optional.empty(),
                entry.disposition().word(),
                entry.drive(),
                entry.latency(),
                entry.waitsFor());
    }

    /** Creates the record of a device that is known only from the kernel's walk. */
    static DeviceRecord walked(String device, String driver, ShutdownRecord.Walked span) {
        return found(device, "", device, driver, Optional.empty(), false).during(span);
    }

    /** Creates the record of a drive without a plan, as found at the start of its boot. */
    public static DeviceRecord drive(String path, String name, String driver, DriveIdentity identity) {
        String device = path.substring(path.lastIndexOf('/') + 1);
        String label = name.equals(device) ? name : device + " (" + name + ")";
        return found(device, path, label, driver, Optional.of(identity), true);
    }

    private static DeviceRecord found(
            String device,
            String path,
            String label,
            String driver,
            Optional<DriveIdentity> identity,
            boolean isDrive) {
        Progressed progress =
                Progressed.none(device, Optional.empty(), Outcome.UNKNOWN, Optional.empty(), Optional.empty());
        return of(progress, path, label, driver, identity, "unknown", isDrive, Optional.empty(), List.of());
    }

    private static DeviceRecord of(
            Progressed progress,
            String path,
            String label,
            String driver,
            Optional<DriveIdentity> identity,
            String disposition,
            boolean isDrive,
            Optional<Double> expected,
            List<String> waitsFor) {
        return new DeviceRecord(
                progress.device(),
                path,
                label,
                driver,
                identity.map(DriveIdentity::model),
                identity.map(DriveIdentity::serial),
                disposition,
                isDrive,
                expected,
                waitsFor,
                progress.phase(),
                progress.deferred(),
                progress.lane(),
                progress.start(),
                progress.flushed(),
                progress.removal(),
                progress.stop(),
                progress.end(),
                progress.outcome(),
                progress.reason(),
                progress.why(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Returns the duration of its shutdown by quiesced, in seconds; empty if it did not begin, or its end is unknown.
     */
    public Optional<Double> took() {
        return outcome.isOurs() ? start.flatMap(from -> end.map(to -> to - from)) : Optional.empty();
    }

    /** Returns whether its times are those of the kernel's walk rather than of a shutdown that quiesced began. */
    public boolean isWalkedBy(ShutdownRecord record) {
        Optional<Double> walk = record.at(Mark.WALK).or(() -> record.at(Mark.END));
        return outcome == Outcome.KERNEL
                && end.isPresent()
                && start.filter(from -> walk.filter(begin -> from >= begin).isPresent())
                        .isPresent();
    }

    /** Returns the time that the kernel's own walk was at it, in seconds; empty if unknown. */
    public Optional<Double> tookInWalk(ShutdownRecord record) {
        return isWalkedBy(record) ? start.flatMap(from -> end.map(to -> to - from)) : Optional.empty();
    }

    /** Returns the duration of its shutdown, by quiesced or in the kernel's own walk, in seconds; empty if unknown. */
    public Optional<Double> tookIn(ShutdownRecord record) {
        return took().or(() -> tookInWalk(record));
    }

    /** Returns a copy of a device that was left to the kernel, with its times in the kernel's walk. */
    DeviceRecord during(ShutdownRecord.Walked span) {
        return with(Progressed.none(device, Optional.empty(), Outcome.KERNEL, reason, why)
                .during(span.from(), span.to()));
    }

    /** Returns a copy with the progress from a later part of the record. */
    DeviceRecord with(Progressed later) {
        return changed(model, serial, known().then(later), new Counted(before, after), usual);
    }

    /** Returns a copy of a device that quiesced shut down, without the times, which are unknown. */
    public DeviceRecord withoutTimes() {
        return outcome.isOurs() ? with(known().withoutTimes()) : this;
    }

    private Progressed known() {
        return new Progressed(device, phase, deferred, lane, start, flushed, removal, stop, end, outcome, reason, why);
    }

    /**
     * Returns a copy with data of the next boot; values that are unknown there stay as they are.
     *
     * @param counted the drive's counters before and after
     * @param time its usual time
     */
    public DeviceRecord with(DriveIdentity identity, Counted counted, Optional<Double> time) {
        return changed(
                Optional.of(identity.model()), Optional.of(identity.serial()), known(), counted, time.or(() -> usual));
    }

    private DeviceRecord changed(
            Optional<String> ofModel,
            Optional<String> number,
            Progressed progress,
            Counted counted,
            Optional<Double> usualTime) {
        return new DeviceRecord(
                device,
                path,
                label,
                driver,
                ofModel,
                number,
                disposition,
                drive,
                expected,
                waitsFor,
                progress.phase().or(() -> phase),
                progress.deferred(),
                progress.lane(),
                progress.start(),
                progress.flushed(),
                progress.removal(),
                progress.stop(),
                progress.end(),
                progress.outcome(),
                progress.reason(),
                progress.why(),
                counted.before(),
                counted.after(),
                usualTime);
    }

    /** The counters of a drive in two boots. */
    public record Counted(Optional<Counters> before, Optional<Counters> after) {
        /** Returns the proof that follows from both. */
        public Proof proof() {
            return Proof.of(before, after);
        }
    }

    /** Returns the identity of the drive; empty if its serial number is unknown. */
    public Optional<DriveIdentity> identity() {
        return serial.map(text -> new DriveIdentity(model.orElse(""), text));
    }

    /** Returns whether the drive was shut down cleanly, by its counters. */
    public Proof proof() {
        return Proof.of(before, after);
    }

    /** Returns the ratio of its time in a shutdown to its usual time if the drive was slow; empty if not. */
    public Optional<Double> slowness(ShutdownRecord record) {
        return tookIn(record)
                .flatMap(time -> usual.filter(known -> time >= SLOW * known && time - known >= MUCH)
                        .filter(known -> known > 0)
                        .map(known -> time / known));
    }
}
