// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.math.BigInteger;
import java.util.Objects;

/**
 * What an NVMe drive has counted in all its life (SMART / Health Information log page, NVM Express Base Specification
 * 2.0, section 5.16.1.3).
 *
 * @param powerCycles how often its power was turned on
 * @param unsafeShutdowns how often it lost its power without having completed a shutdown before
 */
public record Counters(BigInteger powerCycles, BigInteger unsafeShutdowns) {
    /** Takes what is absent in JSON for damage. */
    public Counters {
        Objects.requireNonNull(powerCycles, "powerCycles");
        Objects.requireNonNull(unsafeShutdowns, "unsafeShutdowns");
    }
}
