// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import java.util.function.LongConsumer;

/** Makes virtual time pass at a given speed. */
final class Pace {
    private static final long FRAME_MILLIS = 50;

    private final Optional<Double> speed;
    private long shown;

    Pace(Optional<Double> speed) {
        this.speed = speed;
    }

    /** Sleeps until a virtual time, in nanoseconds, and calls {@code picture} for each frame before it. */
    void pass(long time, LongConsumer picture) {
        if (speed.isPresent()) {
            long frame = Math.max(1, Math.round(FRAME_MILLIS * 1e6 * speed.get()));
            while (shown < time) {
                long step = Math.min(frame, time - shown);
                sleep(Math.round(step / speed.get()));
                shown += step;
                picture.accept(shown);
            }
        }
        shown = time;
    }

    private static void sleep(long nanos) {
        try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
