// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** The time that a shutdown by quiesced saved compared to the kernel alone. */
public final class Savings {
    private Savings() {}

    /**
     * Returns the time saved, in seconds; negative if the shutdown took longer. The kernel's time is the sum of the
     * devices' times, or their maximum if it shuts devices down in parallel. The time of quiesced is that from the
     * first hook to the end of the last device. Devices that did not confirm their shutdown are not counted.
     *
     * @return empty if no device is down or the record is incomplete
     */
    public static Optional<Double> of(ShutdownRecord record) {
        List<DeviceRecord> down = record.devices().stream()
                .filter(device -> device.outcome().isDown())
                .filter(device -> device.took().isPresent())
                .toList();
        if (down.isEmpty() || !record.isComplete()) {
            return Optional.empty();
        }
        DoubleStream times = down.stream().mapToDouble(device -> device.took().orElse(0.0));
        double alone = record.kernelIsParallel() ? times.max().orElse(0) : times.sum();
        double end = down.stream()
                .mapToDouble(device -> device.end().orElse(0.0))
                .max()
                .orElse(0);
        return Optional.of(alone - Math.max(0, end - record.at(Mark.LATE).orElse(end)));
    }
}
