// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** How much shorter a shutdown was than it would have been by the kernel alone. */
public final class Savings {
    private Savings() {}

    /**
     * Returns the time that was saved, in seconds; negative if it was lost. The kernel would have shut our devices down
     * when the hooks had ended, one after the other, or as long as the slowest where it does so in parallel; we took
     * from the first hook on until the last of them was down. A device that did not confirm its shutdown saved nothing.
     *
     * @return nothing if it is not known when our work ended
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
