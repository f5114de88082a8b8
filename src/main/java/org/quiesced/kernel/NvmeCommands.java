// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.Device;

/** The NVMe commands that we send. Each waits for its completion; its message on failure names the device and the drive's status. */
public interface NvmeCommands {
    /**
     * Asks a controller who it is (Identify Controller, NVM Express Base Specification 2.0, section 5.17.2.1).
     *
     * @param controller the class device, {@code nvmeN}
     */
    Identity identify(Device controller) throws IOException;

    /**
     * Asks a controller how it fared so far (SMART / Health Information log page, section 5.16.1.3).
     *
     * @param controller the class device, {@code nvmeN}
     */
    Health health(Device controller) throws IOException;

    /**
     * Makes a namespace write its volatile cache to the medium (Flush, section 7.1).
     *
     * @param namespace the disk, {@code nvmeNnM}
     */
    void flush(Device namespace) throws IOException;

    /** Returns how many such commands this process has sent, whoever of it did. */
    SentFlushes sentFlushes();

    /**
     * What a controller says of itself.
     *
     * @param serial the serial number, trimmed
     * @param model the model number, trimmed
     * @param volatileWriteCache whether there is a volatile write cache (VWC, bit 0)
     * @param shutdownTime how long the drive says that its normal shutdown takes at the most (RTD3 Entry Latency), if it says so
     */
    record Identity(String serial, String model, boolean volatileWriteCache, Optional<Duration> shutdownTime) {}

    /**
     * A controller's counts.
     *
     * @param powerCycles how often it was powered up
     * @param unsafeShutdowns how often it lost power without a completed shutdown notification
     */
    record Health(BigInteger powerCycles, BigInteger unsafeShutdowns) {}
}
