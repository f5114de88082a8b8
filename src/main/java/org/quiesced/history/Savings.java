// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;

/** How much shorter a shutdown was than it would have been by the kernel alone. */
public final class Savings {
    private Savings() {}

    /**
     * Returns the time that was saved, in seconds; negative if it was lost. The kernel would have shut our devices down
     * when the hooks had ended, one after the other, or as long as the slowest where it does so in parallel; we took from
     * then on what the late phase took.
     *
     * @return nothing if it is not known when our work ended
     */
    public static Optional<Double> of(ShutdownRecord record) {
        List<Double> times = record.devices().stream()
                .flatMap(device -> device.took().stream())
                .toList();
        if (times.isEmpty() || !record.isComplete()) {
            return Optional.empty();
        }
        double alone = record.kernelWalk().equals("asynchronous")
                ? times.stream().mapToDouble(Double::doubleValue).max().orElse(0)
                : times.stream().mapToDouble(Double::doubleValue).sum();
        double late = record.at(Mark.LATE)
                .flatMap(begin -> record.at(Mark.END).map(end -> end - begin))
                .orElse(0.0);
        return Optional.of(alone - late);
    }
}
