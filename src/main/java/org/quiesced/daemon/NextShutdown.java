// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.hook.Progress;
import org.quiesced.shutdown.Verb;

/**
 * A shutdown that was requested while a cancelled one is being undone, and begins after that.
 *
 * @param progress the progress to report to its hook
 * @param deadline end of the late phase, by {@link System#nanoTime}; empty for an early phase
 * @param followed whether an exitrd follows the late phase
 */
record NextShutdown(Verb verb, Progress progress, Optional<Long> deadline, boolean followed) {
    /** Returns a shutdown that begins with the early phase. */
    static NextShutdown early(Verb verb) {
        return new NextShutdown(verb, new Progress(verb), Optional.empty(), false);
    }

    /**
     * Returns a shutdown that begins with the late phase.
     *
     * @param left longest duration of the phase, from this call
     */
    static NextShutdown late(Verb verb, Duration left, boolean followed) {
        return new NextShutdown(verb, new Progress(verb), Optional.of(System.nanoTime() + left.toNanos()), followed);
    }

    /** Returns the remaining time of the late phase, at least zero; empty for an early phase. */
    Optional<Duration> left() {
        return deadline.map(until -> Duration.ofNanos(Math.max(0, until - System.nanoTime())));
    }
}
