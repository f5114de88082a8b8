// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.Device;

/** The known shutdown times of devices. */
@FunctionalInterface
public interface Latencies {
    /** Returns the shutdown time of a device; empty if unknown. */
    Optional<Duration> of(Device device);
}
