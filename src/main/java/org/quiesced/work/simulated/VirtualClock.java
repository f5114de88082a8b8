// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work.simulated;

import java.util.function.LongConsumer;

/**
 * A clock that moves only when somebody spends time. The simulation has one thread: a worker's task runs to its end at the moment it
 * is started, with the clock running ahead, and is then turned back; only its reports arrive later.
 */
public final class VirtualClock implements SimulatedClock {
    private final LongConsumer onAdvance;
    private long now;
    private boolean ahead;

    /**
     * Makes a clock that stands at 0.
     *
     * @param onAdvance is told of each new time before the clock takes it, and may delay it
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

    /** Moves the clock forward; a time that has passed changes nothing. */
    void advanceTo(long time) {
        if (time > now) {
            if (!ahead) {
                onAdvance.accept(time);
            }
            now = time;
        }
    }

    /** Runs something that spends time of its own, while for everybody else none passes. */
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
