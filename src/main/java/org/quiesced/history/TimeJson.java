// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The durations of a shutdown and of its parts, with what {@link TimeText} says. Times are in seconds.
 *
 * @param number the number of the shutdown; empty for a record in another file and for a simulated machine
 * @param asked time of the shutdown request, in seconds since the epoch; 0 for a simulated machine
 * @param verb {@code poweroff}, {@code reboot}, {@code halt} or {@code kexec}
 * @param took the duration of the shutdown; empty if unknown
 * @param complete whether the end of the record was carried over the restart
 * @param parts the parts that are known, in chronological order
 * @param drivesDown the number of drives that are down, stopped or not; of all devices if there are no drives
 * @param drives the number of drives by outcome; of all devices if there are no drives
 * @param drivesTook the time from the begin of the first device to the end of the last, with the waits between the
 *     phases; empty if none was shut down
 * @param phases the phases in which drives went down, in chronological order
 * @param early the number of devices whose shutdown began before the late phase
 * @param saved the time saved compared to the kernel alone, negative if it took longer; empty if unknown
 * @param slow the drives that took much longer than usual, by quiesced or in the kernel's walk
 * @param left the drives that were left to the kernel, in discovery order
 * @param units the units that took longest to stop; empty if the journal was not read
 * @param unknown number of devices of a simulated shutdown whose times are unknown and not counted
 */
public record TimeJson(
        Optional<Integer> number,
        double asked,
        String verb,
        Optional<Double> took,
        boolean complete,
        List<Phases.Part> parts,
        long drivesDown,
        Map<String, Long> drives,
        Optional<Double> drivesTook,
        List<PhaseDrives> phases,
        long early,
        Optional<Double> saved,
        List<Slow> slow,
        List<Left> left,
        Optional<StoppedUnits> units,
        int unknown) {
    /**
     * A slow drive.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param took the duration of its shutdown
     * @param usual its usual duration
     */
    public record Slow(String device, String path, String label, String driver, double took, double usual) {}

    /**
     * A drive that was left to the kernel.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param took the duration of its shutdown in the kernel's walk; empty if unknown
     * @param reason the type of the reason; empty if unknown
     * @param why the reason in words
     */
    public record Left(
            String device,
            String path,
            String label,
            String driver,
            Optional<Double> took,
            Optional<String> reason,
            Optional<String> why) {}

    /** Copies the collections. */
    public TimeJson {
        parts = List.copyOf(parts);
        phases = List.copyOf(phases);
        drives = Collections.unmodifiableMap(new TreeMap<>(drives));
        slow = List.copyOf(slow);
        left = List.copyOf(left);
    }

    /** Returns the durations of a shutdown. */
    public static TimeJson of(ShownShutdown shown) {
        ShutdownRecord record = shown.record();
        Phases whole = Phases.of(record);
        return new TimeJson(
                shown.number(),
                record.asked(),
                record.verb(),
                whole.took(),
                record.isComplete(),
                whole.parts(),
                RecordText.downCount(record),
                RecordText.outcomes(record),
                DeviceSpan.of(record.devices()).map(DeviceSpan::took),
                PhaseDrives.of(record),
                RecordText.earlyCount(record),
                Savings.of(record),
                record.devices().stream()
                        .filter(device -> device.slowness(record).isPresent())
                        .map(device -> slow(device, record))
                        .toList(),
                RecordText.left(record).stream()
                        .map(device -> left(device, record))
                        .toList(),
                record.units(),
                Untimed.of(record).size());
    }

    private static Slow slow(DeviceRecord device, ShutdownRecord record) {
        return new Slow(
                device.device(),
                device.path(),
                device.label(),
                device.driver(),
                device.tookIn(record).orElseThrow(),
                device.usual().orElseThrow());
    }

    private static Left left(DeviceRecord device, ShutdownRecord record) {
        return new Left(
                device.device(),
                device.path(),
                device.label(),
                device.driver(),
                device.tookInWalk(record),
                device.reason(),
                device.why());
    }
}
