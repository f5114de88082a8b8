// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.math.BigInteger;
import java.util.Objects;

/**
 * Lifetime counters of an NVMe drive (SMART / Health Information log page, NVM Express Base Specification 2.0, section
 * 5.16.1.3).
 *
 * @param powerCycles number of power cycles
 * @param unsafeShutdowns number of power losses without a completed shutdown before
 */
public record Counters(BigInteger powerCycles, BigInteger unsafeShutdowns) {
    /** Rejects values that are absent in JSON. */
    public Counters {
        Objects.requireNonNull(powerCycles, "powerCycles");
        Objects.requireNonNull(unsafeShutdowns, "unsafeShutdowns");
    }
}
