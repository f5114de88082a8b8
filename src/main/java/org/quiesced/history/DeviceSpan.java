// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;

/**
 * The span in which quiesced shut devices down, in seconds since the shutdown request.
 *
 * @param from the begin of the first shutdown
 * @param to the end of the last
 */
record DeviceSpan(double from, double to) {
    /** Returns the span of some devices; empty if quiesced shut none of them down. */
    static Optional<DeviceSpan> of(List<DeviceRecord> devices) {
        double first = Double.POSITIVE_INFINITY;
        double last = Double.NEGATIVE_INFINITY;
        for (DeviceRecord device : devices) {
            if (device.took().isPresent()) {
                first = Math.min(first, device.start().orElse(first));
                last = Math.max(last, device.end().orElse(last));
            }
        }
        return last < first ? Optional.empty() : Optional.of(new DeviceSpan(first, last));
    }

    /** Returns its duration, in seconds. */
    double took() {
        return to - from;
    }
}
