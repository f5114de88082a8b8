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
 * @param asked time of the shutdown request, in seconds since the epoch; 0 for a simulated machine
 * @param uptime the same time, in seconds since the kernel started, by the monotonic clock
 * @param kernelWalk the mode of the kernel's walk, {@code serial} or {@code asynchronous}
 * @param kernelAlone expected duration of the kernel's walk over all devices, in seconds; 0 if no time was known
 * @param carrier what carried the end of the record over the restart, for example {@code pstore}; empty if nothing did
 * @param marks the known marks
 * @param devices the devices with a driver and a method, in the order of their discovery
 * @param walk the kernel's own walk, from its log; empty if the log does not contain it
 * @param units the units that took longest to stop; empty if the journal was not read
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
    /** The format that this version writes and reads. */
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
     * Creates the record of a shutdown whose plan was not written. It has the drives of the boot; the rest is unknown.
     *
     * @param asked approximate time of the request, in seconds since the epoch
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

    /** Returns a copy with the kernel's walk, and its times for the devices left to the kernel. */
    ShutdownRecord with(WalkLog found) {
        Map<String, Walked> spans = new HashMap<>();
        found.devices().forEach(step -> step.span().ifPresent(span -> spans.put(step.device(), span)));
        ShutdownRecord timed = walked(device -> Optional.ofNullable(spans.get(device.device())));
        return timed.copy(carrier, marks, timed.devices, Optional.of(found), units);
    }

    /** Returns a copy with the units that took longest to stop. */
    public ShutdownRecord with(StoppedUnits stopped) {
        return copy(carrier, marks, devices, walk, Optional.of(stopped));
    }

    /** Returns the record as JSON in the format of {@link RecordFiles}, without the data of the next boot. */
    public byte[] json() {
        return RecordWriter.bytes(this);
    }

    /** Returns the time of a mark; empty if unknown. */
    public Optional<Double> at(Mark mark) {
        return Optional.ofNullable(marks.get(mark));
    }

    /**
     * Returns whether the end of the run is known, that is, was carried over the restart. The end of a run that was
     * over before the late phase does not count. The record of a simulated shutdown lacks nothing.
     */
    public boolean isComplete() {
        return comesFromSimulation()
                || at(Mark.LATE)
                        .filter(late -> at(Mark.END).orElse(-1.0) >= late)
                        .isPresent();
    }

    /** Returns whether it is the record of a simulated shutdown. */
    public boolean comesFromSimulation() {
        return boot.isEmpty() && asked == 0;
    }

    /** Returns whether the machine was to start again at once. */
    public boolean startsAgain() {
        return Verb.ofWord(verb).filter(known -> !known.stopsDisks()).isPresent();
    }

    /** Returns whether this is the record of a shutdown. */
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
                .flatMap(device -> Plausibility.wrong(device).stream())
                .findFirst()
                .or(() -> walk.flatMap(WalkLog::wrong))
                .or(() -> units.flatMap(StoppedUnits::wrong))
                .or(() -> new Plausibility(this).wrong());
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
    ShutdownRecord with(Map<Mark, Double> others, List<Progressed> progress, Optional<String> by) {
        Map<Mark, Double> all = new EnumMap<>(Mark.class);
        all.putAll(marks);
        all.putAll(others);
        Map<String, Progressed> byName = new HashMap<>();
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
