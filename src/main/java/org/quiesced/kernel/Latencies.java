// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.Device;

/** Known shutdown latencies of devices. */
@FunctionalInterface
public interface Latencies {
    /** Returns the shutdown latency of a device, if it is known. */
    Optional<Duration> of(Device device);
}
