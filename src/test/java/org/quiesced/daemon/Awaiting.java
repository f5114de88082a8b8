// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions that other threads establish. */
final class Awaiting {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long INTERVAL_MILLIS = 5;

    private Awaiting() {}

    /** Waits until a condition holds; fails if it does not within 30 seconds. */
    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("reached within the time limit of the test")
                    .isLessThan(end);
            Thread.sleep(INTERVAL_MILLIS);
        }
    }
}
