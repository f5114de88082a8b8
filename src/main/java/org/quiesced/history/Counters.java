// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.math.BigInteger;
import java.util.Optional;

/**
 * What a drive has counted in all its life: an NVMe drive in its SMART / Health Information log page (NVM Express Base
 * Specification 2.0, section 5.16.1.3), a SCSI disk in its Start-Stop Cycle Counter log page (SPC-5).
 *
 * @param powerCycles how often its power was turned on; empty if it is no NVMe drive
 * @param unsafeShutdowns how often it lost its power without having completed a shutdown before; likewise
 * @param startStopCycles how often it was started and stopped; empty if it is no SCSI disk
 */
public record Counters(
        Optional<BigInteger> powerCycles, Optional<BigInteger> unsafeShutdowns, Optional<BigInteger> startStopCycles) {
    /** Takes what is absent in JSON for damage. */
    public Counters {
        if (powerCycles.isPresent() != unsafeShutdowns.isPresent()
                || powerCycles.isEmpty() && startStopCycles.isEmpty()) {
            throw new IllegalArgumentException("a counter is missing");
        }
    }

    /** Makes those of an NVMe drive. */
    public Counters(BigInteger powerCycles, BigInteger unsafeShutdowns) {
        this(Optional.of(powerCycles), Optional.of(unsafeShutdowns), Optional.empty());
    }

    /** Makes that of a SCSI disk. */
    public static Counters ofDisk(BigInteger startStopCycles) {
        return new Counters(Optional.empty(), Optional.empty(), Optional.of(startStopCycles));
    }

    /**
     * Returns how many start-stop cycles were counted between two looks; empty if that is not known, or the counter
     * went backwards, as that of a disk that was replaced does.
     */
    public static Optional<BigInteger> startStopsBetween(Optional<Counters> before, Optional<Counters> after) {
        return before.flatMap(Counters::startStopCycles)
                .flatMap(first -> after.flatMap(Counters::startStopCycles).map(last -> last.subtract(first)))
                .filter(cycles -> cycles.signum() >= 0);
    }
}
