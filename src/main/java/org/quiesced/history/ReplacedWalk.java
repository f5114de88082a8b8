// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quiesced.report.Outcome;

/**
 * The walk that the kernel alone would have made in a shutdown, by the measured times of the devices. It begins when
 * the shutdown hooks would have ended, and takes one device after the other in the reverse order of discovery, or all
 * at once if the kernel shuts devices down in parallel.
 *
 * @param steps the devices that take time, in the order of their begin
 */
public record ReplacedWalk(List<Step> steps) {
    /**
     * A step of the walk, in seconds since the shutdown request.
     *
     * @param device the sysfs path of the device
     */
    public record Step(String device, double from, double to) {}

    /** Copies the list. */
    public ReplacedWalk {
        steps = List.copyOf(steps);
    }

    /** Returns the walk that a shutdown by quiesced replaced. */
    public static ReplacedWalk of(ShutdownRecord record) {
        boolean isParallel = record.kernelIsParallel();
        List<DeviceRecord> latestFirst = new ArrayList<>(record.devices());
        Collections.reverse(latestFirst);
        double begin = begin(record);
        double now = begin;
        List<Step> steps = new ArrayList<>();
        for (DeviceRecord device : latestFirst) {
            double time = time(device, record);
            if (time > 0) {
                steps.add(new Step(device.path(), now, now + time));
                now = isParallel ? begin : now + time;
            }
        }
        return new ReplacedWalk(steps);
    }

    private static double begin(ShutdownRecord record) {
        return record.at(Mark.LATE)
                .orElseGet(() -> record.devices().stream()
                        .flatMap(device -> device.start().stream())
                        .min(Double::compare)
                        .orElse(0.0));
    }

    private static double time(DeviceRecord device, ShutdownRecord record) {
        if (device.outcome() == Outcome.KERNEL) {
            return device.tookInWalk(record).orElse(0.0);
        }
        return device.took().or(device::expected).orElse(0.0);
    }

    /** Returns the steps by the paths of their devices. */
    public Map<String, Step> byDevice() {
        return steps.stream().collect(Collectors.toMap(Step::device, step -> step, (first, second) -> first));
    }

    /** Returns the end of the walk; empty if it takes no time. */
    public Optional<Double> end() {
        return steps.stream().map(Step::to).max(Double::compare);
    }
}
