// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.report.DispositionType;

/** Determines for which device another one waited before its shutdown, by quiesced or in the kernel's walk, began. */
final class Waits {
    /**
     * Tolerance, in seconds, by which a device may seem to begin before the one that it waited for ended: times are
     * carried in milliseconds.
     */
    private static final double SLACK = 0.001;

    /**
     * Maximum time, in seconds, between the end of the last device and that of the run if the run ended because of that
     * device, rather than at its deadline.
     */
    private static final double AT_THE_END = 0.1;

    private final ShutdownRecord record;
    private final List<DeviceRecord> withWalked;
    private final Map<String, DeviceRecord> devices = new HashMap<>();

    Waits(ShutdownRecord record) {
        this.record = record;
        this.withWalked = WalkLog.devicesOf(record);
        record.devices().forEach(device -> devices.put(device.device(), device));
    }

    /** Returns the devices of the record, and those that only the kernel's walk names. */
    List<DeviceRecord> withWalked() {
        return withWalked;
    }

    /** Why a device waited for another one. The JSON form is the name in lower case. */
    public enum Cause {
        /** The other device depends on it. */
        DEPENDENT,
        /** The other device was before it on the serial lane. */
        SERIAL_LANE,
        /** The other device was before it in the kernel's walk, or was the last one before the walk. */
        KERNEL_WALK;

        /** Returns the JSON form. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A wait.
     *
     * @param on the device whose end let the other one begin
     */
    record Wait(DeviceRecord on, Cause cause) {
        private double end() {
            return on.end().orElse(0.0);
        }
    }

    /** Returns the last wait of a device before its shutdown began; empty if none is known. */
    Optional<Wait> last(DeviceRecord device) {
        double begin = device.start().orElse(Double.POSITIVE_INFINITY);
        Stream<Wait> dependents = device.waitsFor().stream()
                .flatMap(name -> Optional.ofNullable(devices.get(name)).stream())
                .map(dependent -> new Wait(dependent, Cause.DEPENDENT));
        Stream<Wait> onTheLane = isSerial(device)
                ? record.devices().stream()
                        .filter(other -> isSerial(other) && isBefore(other, device))
                        .map(other -> new Wait(other, Cause.SERIAL_LANE))
                : Stream.empty();
        Stream<Wait> inTheWalk = device.isWalkedBy(record)
                ? withWalked.stream()
                        .filter(other -> isBeforeInWalk(other, device))
                        .map(other -> new Wait(other, Cause.KERNEL_WALK))
                : Stream.empty();
        return Stream.of(onTheLane, dependents, inTheWalk)
                .flatMap(waits -> waits)
                .filter(wait ->
                        wait.on().end().filter(end -> end <= begin + SLACK).isPresent())
                .max(Comparator.comparingDouble(Wait::end));
    }

    /** Returns when the phase began in which a device was shut down, in seconds since the shutdown request. */
    double phaseBegin(DeviceRecord device) {
        return device.phase()
                .flatMap(Mark::ofWord)
                .flatMap(record::at)
                .orElseGet(() -> record.devices().stream()
                        .filter(other -> other.phase().equals(device.phase()))
                        .flatMap(other -> other.start().stream())
                        .min(Double::compare)
                        .orElse(0.0));
    }

    /** Returns whether a device occupied the serial lane when another one could have begun. */
    private boolean isBefore(DeviceRecord other, DeviceRecord device) {
        double begin = device.start().orElse(Double.NEGATIVE_INFINITY);
        return other.start().filter(start -> start < begin).isPresent()
                && other.end().filter(end -> end > phaseBegin(device)).isPresent();
    }

    /**
     * Returns whether the kernel's walk left a device before it reached another one, or began when the device was down.
     */
    private boolean isBeforeInWalk(DeviceRecord other, DeviceRecord device) {
        double begin = device.start().orElse(Double.NEGATIVE_INFINITY);
        if (other.isWalkedBy(record)) {
            return !record.kernelIsParallel()
                    && other.start().filter(start -> start < begin).isPresent();
        }
        double end = record.at(Mark.END).orElse(Double.POSITIVE_INFINITY);
        return other.took().isPresent()
                && other.end().filter(at -> at >= end - AT_THE_END).isPresent();
    }

    /**
     * Returns whether quiesced shut a device down on the serial lane; by its disposition if the record does not say.
     * The times of a device that the kernel's walk shut down are those of the walk, which has no lanes.
     */
    private boolean isSerial(DeviceRecord device) {
        return !device.isWalkedBy(record)
                && device.lane().orElse(device.disposition()).equals(DispositionType.SERIAL.word());
    }
}
