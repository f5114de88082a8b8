// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.Device;

/** What is known of how long devices take to shut down. */
@FunctionalInterface
public interface Latencies {
    /** Returns how long the shutdown of that device takes, if that is known. */
    Optional<Duration> of(Device device);
}
