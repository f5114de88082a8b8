// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The lifetime counters of a drive: those of an NVMe drive are in its SMART / Health Information log page (NVM Express
 * Base Specification 2.0, section 5.16.1.3), that of a SCSI disk is in its Start-Stop Cycle Counter log page (SPC-5).
 *
 * @param powerCycles number of power cycles; empty if it is not an NVMe drive
 * @param unsafeShutdowns number of losses of power without a completed shutdown; likewise
 * @param startStopCycles number of times that it was started and stopped; empty if it is not a SCSI disk
 */
public record Counters(
        Optional<BigInteger> powerCycles, Optional<BigInteger> unsafeShutdowns, Optional<BigInteger> startStopCycles) {
    /**
     * Rejects values that are absent in JSON.
     *
     * @throws IllegalArgumentException if one counter of an NVMe drive is missing, or all counters are
     */
    public Counters {
        if (powerCycles.isPresent() != unsafeShutdowns.isPresent()
                || powerCycles.isEmpty() && startStopCycles.isEmpty()) {
            throw new IllegalArgumentException("a counter is missing");
        }
    }

    /** Creates the counters of an NVMe drive. */
    public Counters(BigInteger powerCycles, BigInteger unsafeShutdowns) {
        this(Optional.of(powerCycles), Optional.of(unsafeShutdowns), Optional.empty());
    }

    /** Creates the counter of a SCSI disk. */
    public static Counters ofDisk(BigInteger startStopCycles) {
        return new Counters(Optional.empty(), Optional.empty(), Optional.of(startStopCycles));
    }

    /**
     * Returns the number of start-stop cycles between two readings; empty if it is unknown, or if the counter went
     * backwards, as it does if a disk was replaced.
     */
    public static Optional<BigInteger> startStopsBetween(Optional<Counters> before, Optional<Counters> after) {
        return before.flatMap(Counters::startStopCycles)
                .flatMap(first -> after.flatMap(Counters::startStopCycles).map(last -> last.subtract(first)))
                .filter(cycles -> cycles.signum() >= 0);
    }
}
