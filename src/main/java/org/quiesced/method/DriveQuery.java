// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Health;

/** Commands that ask a drive about itself. Has no state; may be used by several threads. */
public interface DriveQuery {
    /**
     * A drive's description of itself.
     *
     * @param shutdownTime as in {@link DriveQuery#shutdownTime}
     * @param attributes what to add to the attributes of its class device
     */
    record Description(Optional<Duration> shutdownTime, Map<String, String> attributes) {}

    /**
     * Returns whether a drive may be asked at this moment.
     *
     * @param classDevice the device through which it is controlled ({@link ShutdownMethod#controlClass})
     */
    boolean isReady(Device classDevice, Attributes attributes);

    /**
     * Asks a drive how long its shutdown takes.
     *
     * @return the time, or less if its driver does not wait that long; empty if the drive does not report it
     * @throws IOException if the drive does not answer
     */
    Optional<Duration> shutdownTime(Device classDevice, Kernel kernel) throws IOException;

    /**
     * Asks a drive for all that helps to understand it.
     *
     * @throws IOException if the drive does not answer
     */
    Description describe(Device classDevice, Kernel kernel) throws IOException;

    /**
     * Asks a drive how often its power was turned on, and how often it lost it without having been shut down.
     *
     * @throws IOException if the drive does not answer
     */
    Health health(Device classDevice, Kernel kernel) throws IOException;
}
