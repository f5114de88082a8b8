// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.Device;

/**
 * The NVMe commands that are sent to drives. Each method waits for the completion; the message of its exception names
 * the device and the drive's status.
 */
public interface NvmeCommands {
    /**
     * Reads the identity of a controller (Identify Controller, NVM Express Base Specification 2.0, section 5.17.2.1).
     *
     * @param controller the class device, {@code nvmeN}
     * @throws IOException if the command fails or its time limit passes
     */
    Identity identify(Device controller) throws IOException;

    /**
     * Reads the identity of a controller with a time limit. When it passes, the driver treats the controller as dead
     * and resets it, or ends its connection.
     *
     * @param limit in whole milliseconds; the kernel may add up to a second
     * @throws IOException if the command fails or its time limit passes
     */
    Identity identify(Device controller, Duration limit) throws IOException;

    /**
     * Reads the health counters of a controller (SMART / Health Information log page, section 5.16.1.3).
     *
     * @param controller the class device, {@code nvmeN}
     * @throws IOException if the command fails or its time limit passes
     */
    Health health(Device controller) throws IOException;

    /**
     * Writes the volatile cache of a namespace to the medium (Flush, section 7.1).
     *
     * @param namespace the disk, {@code nvmeNnM}
     * @throws IOException if the command fails or its time limit passes
     */
    void flush(Device namespace) throws IOException;

    /** Returns the count of flushes that this process has sent, on all threads. */
    SentFlushes sentFlushes();

    /**
     * The identity that a controller reports.
     *
     * @param serial the serial number, trimmed
     * @param model the model number, trimmed
     * @param volatileWriteCache whether there is a volatile write cache (VWC, bit 0)
     * @param shutdownTime maximum duration of a normal shutdown (RTD3 Entry Latency), or empty if the drive does not
     *     report it
     */
    record Identity(String serial, String model, boolean volatileWriteCache, Optional<Duration> shutdownTime) {}

    /**
     * The health counters of a controller.
     *
     * @param powerCycles number of power cycles
     * @param unsafeShutdowns number of losses of power without a completed shutdown notification
     */
    record Health(BigInteger powerCycles, BigInteger unsafeShutdowns) {}
}
