// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.quiesced.kernel.WalkMode;
import org.quiesced.report.Outcome;
import org.quiesced.report.PlanJson;
import org.quiesced.shutdown.Verb;

/**
 * The record of one shutdown, as it is stored. Times are in seconds since the shutdown request unless stated otherwise.
 *
 * @param format {@link #FORMAT}
 * @param boot the id of the boot that ended, from {@code /proc/sys/kernel/random/boot_id}; empty for a simulated
 *     machine
 * @param version the version of quiesced
 * @param kernel the release of the kernel
 * @param verb {@code poweroff}, {@code reboot}, {@code halt} or {@code kexec}
 * @param asked when the shutdown was asked for, in seconds since the epoch; 0 for a simulated machine
 * @param uptime the same moment, in seconds since the kernel started, by the monotonic clock
 * @param kernelWalk how the kernel shuts down what is left to it, {@code serial} or {@code asynchronous}
 * @param kernelAlone how long its walk over all devices was expected to take, in seconds; 0 if no time was known
 * @param carrier what carried the end of it over the restart, for example {@code pstore}; empty if nothing did
 * @param marks the moments that are known
 * @param devices the devices that have a driver and that we know how to shut down, in the order of their discovery
 * @param walk what the kernel's log tells of its own walk; empty if it tells nothing
 * @param units which units took longest to stop; empty if the journal was not asked
 */
public record ShutdownRecord(
        String format,
        String boot,
        String version,
        String kernel,
        String verb,
        double asked,
        double uptime,
        String kernelWalk,
        double kernelAlone,
        Optional<String> carrier,
        Map<Mark, Double> marks,
        List<DeviceRecord> devices,
        Optional<WalkLog> walk,
        Optional<StoppedUnits> units) {
    /** What this version writes and reads. */
    public static final String FORMAT = "quiesced-shutdown-1";

    private static final String UNKNOWN = "unknown";

    /** Copies the collections. */
    public ShutdownRecord {
        marks = marks == null || marks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(marks));
        devices = devices == null ? List.of() : List.copyOf(devices);
    }

    /** The origin of a record; the fields are those of {@link ShutdownRecord}. */
    public record Origin(String boot, String version, String kernel, double asked, double uptime) {
        /** Returns the origin of a simulated shutdown. */
        public static Origin simulated(String version) {
            return new Origin("", version, "", 0, 0);
        }
    }

    /** Creates the record of a shutdown before its run. */
    public static ShutdownRecord planned(Origin origin, PlanJson plan) {
        return new ShutdownRecord(
                FORMAT,
                origin.boot(),
                origin.version(),
                origin.kernel(),
                plan.verb(),
                origin.asked(),
                origin.uptime(),
                plan.kernelWalk(),
                plan.totals().kernelAlone(),
                Optional.empty(),
                Map.of(Mark.ASKED, 0.0),
                plan.devices().stream()
                        .filter(PlanJson.Entry::supported)
                        .map(DeviceRecord::planned)
                        .toList(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Makes the record of a shutdown of which nothing was written while file systems could be: its devices are those
     * that its boot began with, and what else a record has is not known.
     *
     * @param asked as in the record; about then
     */
    static ShutdownRecord unplanned(CarriedLine.Shutdown shutdown, double asked, List<DeviceRecord> drives) {
        return new ShutdownRecord(
                FORMAT,
                shutdown.boot(),
                UNKNOWN,
                UNKNOWN,
                shutdown.verb(),
                asked,
                shutdown.uptime(),
                WalkMode.SERIAL.word(),
                0,
                Optional.empty(),
                Map.of(Mark.ASKED, 0.0),
                drives,
                Optional.empty(),
                Optional.empty());
    }

    /** The span in which the kernel's walk shuts a device down, in seconds since the shutdown request. */
    public record Walked(double from, double to) {}

    /**
     * Returns a copy with the times of the kernel's walk.
     *
     * @param walk returns the span of a device that was left to the kernel; empty if it takes no time
     */
    public ShutdownRecord walked(Function<DeviceRecord, Optional<Walked>> walk) {
        return map(device -> device.outcome() == Outcome.KERNEL
                ? walk.apply(device).map(device::during).orElse(device)
                : device);
    }

    /** Returns the same with what the kernel's log tells of its walk, which has the times of what was left to it. */
    ShutdownRecord with(WalkLog found) {
        Map<String, Walked> spans = new HashMap<>();
        found.devices().forEach(step -> step.span().ifPresent(span -> spans.put(step.device(), span)));
        ShutdownRecord timed = walked(device -> Optional.ofNullable(spans.get(device.device())));
        return timed.copy(carrier, marks, timed.devices, Optional.of(found), units);
    }

    /** Returns the same with what the journal tells of the units. */
    public ShutdownRecord with(StoppedUnits stopped) {
        return copy(carrier, marks, devices, walk, Optional.of(stopped));
    }

    /** Returns it as JSON, as {@link RecordFiles} reads it, without what is learned at the next boot. */
    public byte[] json() {
        return RecordWriter.bytes(this);
    }

    /** Returns the time of a mark; empty if unknown. */
    public Optional<Double> at(Mark mark) {
        return Optional.ofNullable(marks.get(mark));
    }

    /**
     * Returns whether the end of the run is known, that is, was carried over the restart. The end of a run that was
     * over before the late phase does not count.
     */
    public boolean isComplete() {
        return at(Mark.LATE).filter(late -> at(Mark.END).orElse(-1.0) >= late).isPresent();
    }

    /** Returns whether the machine was to start again at once. */
    public boolean startsAgain() {
        return Verb.ofWord(verb).filter(known -> !known.stopsDisks()).isPresent();
    }

    /** Returns whether it is of the shutdown. */
    boolean isOf(CarriedLine.Shutdown shutdown) {
        return shutdown.is(CarriedLine.Shutdown.of(this));
    }

    /** Returns what is invalid in a record that was read; empty if it is valid. */
    Optional<String> wrong() {
        if (Stream.of(boot, version, kernel, verb, kernelWalk).anyMatch(ShutdownRecord::isNoText)) {
            return Optional.of("a text is missing, or has control characters");
        }
        if (!DoubleStream.of(asked, uptime, kernelAlone).allMatch(Double::isFinite)
                || marks.values().stream().anyMatch(at -> at == null || !Double.isFinite(at))) {
            return Optional.of("a time is missing, or is no number");
        }
        return devices.stream()
                .flatMap(device -> device.wrong().stream())
                .findFirst()
                .or(() -> walk.flatMap(WalkLog::wrong))
                .or(() -> units.flatMap(StoppedUnits::wrong));
    }

    /** Returns whether a text is absent, or has control characters, which must not reach a terminal. */
    static boolean isNoText(String text) {
        return text == null || text.chars().anyMatch(Character::isISOControl);
    }

    /** Returns whether the kernel shuts devices down in parallel. */
    boolean kernelIsParallel() {
        return kernelWalk.equals(WalkMode.ASYNCHRONOUS.word());
    }

    /** Returns a copy with changed devices. */
    public ShutdownRecord map(UnaryOperator<DeviceRecord> change) {
        return copy(carrier, marks, devices.stream().map(change).toList(), walk, units);
    }

    /** Returns a copy completed with the marks and the devices' progress of another part of the record. */
    ShutdownRecord with(Map<Mark, Double> others, List<DeviceRecord.Progressed> progress, Optional<String> by) {
        Map<Mark, Double> all = new EnumMap<>(Mark.class);
        all.putAll(marks);
        all.putAll(others);
        Map<String, DeviceRecord.Progressed> byName = new HashMap<>();
        progress.forEach(one -> byName.put(one.device(), one));
        List<DeviceRecord> progressed = devices.stream()
                .map(device -> Optional.ofNullable(byName.get(device.device()))
                        .map(device::with)
                        .orElse(device))
                .toList();
        return copy(by.or(() -> carrier), all, progressed, walk, units);
    }

    private ShutdownRecord copy(
            Optional<String> by,
            Map<Mark, Double> moments,
            List<DeviceRecord> changed,
            Optional<WalkLog> ofKernel,
            Optional<StoppedUnits> ofUnits) {
        return new ShutdownRecord(
                format,
                boot,
                version,
                kernel,
                verb,
                asked,
                uptime,
                kernelWalk,
                kernelAlone,
                by,
                moments,
                changed,
                ofKernel,
                ofUnits);
    }
}
