// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.hook.Progress;
import org.quiesced.shutdown.Verb;

/**
 * A shutdown that begins when the one before it has been undone.
 *
 * @param progress how far it is
 * @param deadline when the late phase must be over, by {@link System#nanoTime}; empty for an early phase
 * @param followed whether an exitrd follows the late phase
 */
record NextShutdown(Verb verb, Progress progress, Optional<Long> deadline, boolean followed) {
    /** Returns one that begins with the early phase. */
    static NextShutdown early(Verb verb) {
        return new NextShutdown(verb, new Progress(verb), Optional.empty(), false);
    }

    /** Returns one that begins with the late phase, which may take that long from the moment of the call. */
    static NextShutdown late(Verb verb, Duration left, boolean followed) {
        return new NextShutdown(verb, new Progress(verb), Optional.of(System.nanoTime() + left.toNanos()), followed);
    }

    /** Returns how long the late phase may take from the moment of the call; empty for an early phase. */
    Optional<Duration> left() {
        return deadline.map(until -> Duration.ofNanos(Math.max(0, until - System.nanoTime())));
    }
}
