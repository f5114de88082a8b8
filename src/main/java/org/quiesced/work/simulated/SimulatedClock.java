// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work.simulated;

import java.util.concurrent.locks.LockSupport;

/** The clock of a simulated machine, in nanoseconds. */
public interface SimulatedClock {
    /** Returns the time. */
    long now();

    /** Advances the clock for the caller. */
    void spend(long nanos);

    /** A clock in real time. {@link #spend} waits. */
    final class RealTime implements SimulatedClock {
        private final long start = System.nanoTime();

        @Override
        public long now() {
            return System.nanoTime() - start;
        }

        @Override
        public void spend(long nanos) {
            long end = now() + nanos;
            for (long left = nanos; left > 0; left = end - now()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
