// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work.simulated;

import java.util.function.LongConsumer;

/**
 * A clock that advances only when a caller spends time. The simulation has one thread: a task runs to its end when it
 * is started, with the clock ahead; then the clock is set back, and the reports of the task arrive later.
 */
public final class VirtualClock implements SimulatedClock {
    private final LongConsumer onAdvance;
    private long now;
    private boolean ahead;

    /**
     * Creates a clock at 0.
     *
     * @param onAdvance receives each new time before the clock takes it, and may delay it
     */
    public VirtualClock(LongConsumer onAdvance) {
        this.onAdvance = onAdvance;
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public void spend(long nanos) {
        advanceTo(now + nanos);
    }

    /** Advances the clock to a time; a past time has no effect. */
    void advanceTo(long time) {
        if (time > now) {
            if (!ahead) {
                onAdvance.accept(time);
            }
            now = time;
        }
    }

    /** Runs a task that spends time, without advancing the clock for the caller. */
    void aside(Runnable task) {
        long start = now;
        boolean nested = ahead;
        ahead = true;
        try {
            task.run();
        } finally {
            now = start;
            ahead = nested;
        }
    }
}
