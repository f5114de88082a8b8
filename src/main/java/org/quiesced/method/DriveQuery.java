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

/** Queries that a drive answers about itself. Stateless; thread-safe. */
public interface DriveQuery {
    /**
     * A drive's description of itself.
     *
     * @param shutdownTime as in {@link DriveQuery#shutdownTime}
     * @param attributes additional attributes of its class device
     */
    record Description(Optional<Duration> shutdownTime, Map<String, String> attributes) {}

    /**
     * Returns whether a drive can be queried at present.
     *
     * @param classDevice the device that controls it ({@link ShutdownMethod#controlClass})
     */
    boolean isReady(Device classDevice, Attributes attributes);

    /**
     * Queries a drive for its shutdown time.
     *
     * @return the time, at most the driver's time limit; empty if the drive does not report it
     * @throws IOException if the drive does not answer
     */
    Optional<Duration> shutdownTime(Device classDevice, Kernel kernel) throws IOException;

    /**
     * Queries a drive for all data of its description.
     *
     * @throws IOException if the drive does not answer
     */
    Description describe(Device classDevice, Kernel kernel) throws IOException;

    /**
     * Queries a drive for its number of power cycles and of power losses without a shutdown.
     *
     * @throws IOException if the drive does not answer
     */
    Health health(Device classDevice, Kernel kernel) throws IOException;
}
