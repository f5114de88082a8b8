// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.report.PlanJson;

/**
 * What became of one device in a shutdown. Times are in seconds since the shutdown was asked for.
 *
 * @param device its sysfs name
 * @param path its path below {@code /sys}
 * @param label its name for people, for example {@code 0000:01:00.0 (nvme0)}
 * @param driver its driver
 * @param model what the drive calls itself; empty if it does not, or was not asked
 * @param serial its serial number; empty in the same cases
 * @param disposition {@code parallel}, {@code serial} or {@code kernel}
 * @param drive whether it is a drive, and not, say, a bridge
 * @param expected how long it was expected to take, in seconds
 * @param waitsFor the names of the nearest dependents that have a driver
 * @param phase {@code network}, {@code early}, {@code late} or {@code exitrd}: where its shutdown began, or was
 *     foreseen
 * @param start when its shutdown began
 * @param flushed when its caches were written
 * @param removal when its driver was about to be taken away, or it was about to be notified
 * @param end when it was down, or left
 * @param outcome what became of it
 * @param reason what kind of reason it is, unless it is down, as {@code ReasonType} has them
 * @param why the reason in words
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
        Optional<Double> start,
        Optional<Double> flushed,
        Optional<Double> removal,
        Optional<Double> end,
        Outcome outcome,
        Optional<String> reason,
        Optional<String> why) {
    /** Copies the list; what is absent in JSON is empty. */
    public DeviceRecord {
        waitsFor = waitsFor == null ? List.of() : List.copyOf(waitsFor);
    }

    /** Makes the record of a device that nothing was done to yet: one that is not left to the kernel is unknown. */
    static DeviceRecord planned(PlanJson.Entry entry) {
        boolean isLeft = entry.disposition().equals("kernel");
        return new DeviceRecord(
                entry.device(),
                entry.path(),
                entry.label(),
                entry.driver(),
                Optional.empty(),
                Optional.empty(),
                entry.disposition(),
                entry.drive(),
                entry.latency(),
                entry.waitsFor(),
                entry.phase(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                isLeft ? Outcome.KERNEL : Outcome.UNKNOWN,
                isLeft ? Optional.of(entry.reason().type().word()) : Optional.empty(),
                isLeft ? Optional.of(entry.reason().describe()) : Optional.empty());
    }

    /** Returns how long its shutdown by us took, in seconds; empty if it did not begin, or its end is not known. */
    public Optional<Double> took() {
        return outcome.isOurs() ? start.flatMap(from -> end.map(to -> to - from)) : Optional.empty();
    }

    /** Returns what is wrong with it, if anything is. */
    Optional<String> wrong() {
        boolean textIsWrong =
                Stream.of(device, path, label, driver, disposition).anyMatch(ShutdownRecord::isNoText)
                        || outcome == null
                        || Stream.of(model, serial, phase, reason, why)
                                .flatMap(Optional::stream)
                                .anyMatch(ShutdownRecord::isNoText)
                        || waitsFor.stream().anyMatch(ShutdownRecord::isNoText);
        if (textIsWrong) {
            return Optional.of("a device lacks a text, or has one with control characters");
        }
        boolean timeIsWrong = Stream.of(expected, start, flushed, removal, end)
                .flatMap(Optional::stream)
                .anyMatch(time -> !Double.isFinite(time));
        return timeIsWrong ? Optional.of("a time of " + device + " is no number") : Optional.empty();
    }

    /** Returns whether its times are those of the kernel's own walk, and not those of an attempt of ours. */
    public boolean isWalkedBy(ShutdownRecord record) {
        Optional<Double> walk = record.at(Mark.WALK).or(() -> record.at(Mark.END));
        return outcome == Outcome.KERNEL
                && end.isPresent()
                && start.filter(from -> walk.filter(begin -> from >= begin).isPresent())
                        .isPresent();
    }

    /** Returns what is to change if the kernel's walk was at it in a span of time. */
    Progressed during(double from, double to) {
        return new Progressed(
                device,
                Optional.empty(),
                Optional.of(from),
                Optional.empty(),
                Optional.empty(),
                Optional.of(to),
                outcome,
                reason,
                why);
    }

    /** Returns the same with other times and another outcome. */
    DeviceRecord with(Progressed other) {
        return new DeviceRecord(
                device,
                path,
                label,
                driver,
                model,
                serial,
                disposition,
                drive,
                expected,
                waitsFor,
                other.phase().or(() -> phase),
                other.start(),
                other.flushed(),
                other.removal(),
                other.end(),
                other.outcome(),
                other.reason(),
                other.why());
    }

    /**
     * What a run makes of a device; the fields are those of the device.
     *
     * @param device its sysfs name
     */
    record Progressed(
            String device,
            Optional<String> phase,
            Optional<Double> start,
            Optional<Double> flushed,
            Optional<Double> removal,
            Optional<Double> end,
            Outcome outcome,
            Optional<String> reason,
            Optional<String> why) {}
}
