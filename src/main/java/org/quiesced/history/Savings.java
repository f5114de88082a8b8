// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Outcome;

/** The time that a shutdown by quiesced saved, or lost, compared to the kernel alone. */
public final class Savings {
    private final ShutdownRecord record;

    /** The times of the devices that quiesced shut down, in seconds. */
    private final List<Double> ours = new ArrayList<>();

    /** The times of those that the kernel's walk shut down, in seconds. */
    private final List<Double> walked = new ArrayList<>();

    /** The last end of a device that quiesced shut down, in seconds since the request. */
    private double end = Double.NEGATIVE_INFINITY;

    private Savings(ShutdownRecord record) {
        this.record = record;
        record.devices().forEach(this::add);
    }

    /**
     * Returns the time saved, in seconds; negative if the shutdown took longer. The kernel's time is the sum of the
     * devices' times, or their maximum if it shuts devices down in parallel. The time of quiesced is that from the
     * first hook to its end, which may be its deadline, and of the walk over the devices that are left then, as far as
     * it is known. The time of a device in flight is estimated.
     *
     * @return empty if no device was to be shut down by quiesced, the record is incomplete, or no time is known
     */
    public static Optional<Double> of(ShutdownRecord record) {
        boolean isPlanned = record.devices().stream()
                .anyMatch(device -> !device.disposition().equals(DispositionType.KERNEL.word()));
        return isPlanned && record.isComplete() ? new Savings(record).saved() : Optional.empty();
    }

    private void add(DeviceRecord device) {
        if (device.outcome() == Outcome.KERNEL) {
            device.tookInWalk(record).ifPresent(walked::add);
        } else if (device.outcome() == Outcome.IN_FLIGHT) {
            device.usual().or(device::expected).ifPresent(time -> add(device, time));
        } else if (device.outcome() != Outcome.NOT_NOTIFIED) {
            device.took().ifPresent(time -> add(device, time));
        }
    }

    private void add(DeviceRecord device, double time) {
        ours.add(time);
        end = Math.max(end, device.start().orElse(0.0) + time);
    }

    private Optional<Double> saved() {
        List<Double> all = new ArrayList<>(ours);
        all.addAll(walked);
        return record.at(Mark.LATE)
                .flatMap(late ->
                        record.at(Mark.END).map(ended -> walk(all) - (Math.max(ended + walk(walked), end) - late)));
    }

    private double walk(List<Double> times) {
        return record.kernelIsParallel()
                ? times.stream().max(Double::compare).orElse(0.0)
                : times.stream().mapToDouble(Double::doubleValue).sum();
    }
}
