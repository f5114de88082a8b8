// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the kernel's log tells of its own walk over the devices ({@code device_shutdown} in drivers/base/core.c).
 *
 * @param complete whether the log names each device: the kernel does so with {@code initcall_debug}. Otherwise only
 *     what drivers say of themselves is known, or the log begins after the walk
 * @param count how many devices the log names
 * @param devices those of them that are in the record or took time, in the order of the walk
 */
public record WalkLog(boolean complete, int count, List<Step> devices) {
    /**
     * A device of the walk. Times are in seconds since the shutdown was asked for.
     *
     * @param device its sysfs name
     * @param driver its driver, or the bus or class whose callback was called
     * @param from when the walk came to it
     * @param to when the walk left it; empty if that is not known
     */
    public record Step(String device, String driver, double from, Optional<Double> to) {
        /** Returns when the walk was at it; empty if its end is not known. */
        Optional<ShutdownRecord.Walked> span() {
            return to.map(end -> new ShutdownRecord.Walked(from, end));
        }

        /** Returns how long the walk was at it, in seconds. */
        Optional<Double> took() {
            return to.map(end -> end - from);
        }
    }

    /** Copies the list; takes what is absent in JSON for damage. */
    public WalkLog {
        devices = List.copyOf(Objects.requireNonNull(devices, "devices"));
    }

    /** Returns what is wrong with it, if anything is. */
    Optional<String> wrong() {
        boolean isWrong = devices.stream()
                .anyMatch(step -> ShutdownRecord.isNoText(step.device())
                        || ShutdownRecord.isNoText(step.driver())
                        || !Double.isFinite(step.from())
                        || step.to().filter(to -> !Double.isFinite(to)).isPresent());
        return isWrong ? Optional.of("a device of the kernel's walk lacks a text or a time") : Optional.empty();
    }

    /**
     * Returns the devices of a record, and after them those that only the kernel's walk shut down, if their time is
     * known.
     */
    public static List<DeviceRecord> devicesOf(ShutdownRecord record) {
        List<String> recorded =
                record.devices().stream().map(DeviceRecord::device).toList();
        Stream<DeviceRecord> others = record.walk().stream()
                .flatMap(walk -> walk.devices().stream())
                .filter(step -> !recorded.contains(step.device()))
                .flatMap(step ->
                        step.span().map(span -> DeviceRecord.walked(step.device(), step.driver(), span)).stream());
        return Stream.concat(record.devices().stream(), others).toList();
    }
}
