// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel's own walk over the devices ({@code device_shutdown} in drivers/base/core.c), from its log.
 *
 * @param complete whether the log names each device, as the kernel does with {@code initcall_debug}; otherwise only
 *     messages of drivers are known, or the log begins after the walk
 * @param count number of devices that the log names
 * @param devices those of them that are in the record or took time, in the order of the walk
 */
public record WalkLog(boolean complete, int count, List<Step> devices) {
    /**
     * A device of the walk. Times are in seconds since the shutdown request.
     *
     * @param device its sysfs name
     * @param driver its driver, or the bus or class whose callback was called
     * @param from when the walk reached it
     * @param to when the walk left it; empty if unknown
     */
    public record Step(String device, String driver, double from, Optional<Double> to) {
        /** Returns the span in which the walk was at it; empty if the end is unknown. */
        Optional<ShutdownRecord.Walked> span() {
            return to.map(end -> new ShutdownRecord.Walked(from, end));
        }

        /** Returns the time that the walk was at it, in seconds; empty if the end is unknown. */
        Optional<Double> took() {
            return to.map(end -> end - from);
        }
    }

    /** Copies the list; rejects values that are absent in JSON. */
    public WalkLog {
        devices = List.copyOf(Objects.requireNonNull(devices, "devices"));
    }

    /** Returns what is invalid; empty if nothing is. */
    Optional<String> wrong() {
        boolean isWrong = devices.stream()
                .anyMatch(step -> ShutdownRecord.isNoText(step.device())
                        || ShutdownRecord.isNoText(step.driver())
                        || !Double.isFinite(step.from())
                        || step.to().filter(to -> !Double.isFinite(to)).isPresent());
        return isWrong ? Optional.of("a device of the kernel's walk lacks a text or a time") : Optional.empty();
    }

    /**
     * Returns the devices of a record, followed by those that only the kernel's walk shut down and whose time is known.
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
