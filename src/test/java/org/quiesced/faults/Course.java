// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.Locale;
import java.util.Optional;
import org.quiesced.shutdown.Verb;

/**
 * The course of a shutdown: which phases there are, and what is said meanwhile.
 *
 * @param millis when the second thing is said, in milliseconds from the beginning
 * @param lateVerb the verb of the late phase, or of the exitrd, if it is another one
 */
record Course(Kind kind, long millis, Optional<Verb> lateVerb) {
    enum Kind {
        /** The late phase alone. */
        LATE,
        /** An early phase that begins before the network is stopped and goes on half-way, and then the late one. */
        NETWORK,
        /** An early phase, and then the late one. */
        EARLY,
        /** The late phase, and then an exitrd. */
        EXITRD,
        /** An early phase, and then the shutdown is cancelled. */
        CANCEL,
        /** The late phase alone, and then the hook has gone. */
        ABANDON
    }

    static final Course LATE_ALONE = new Course(Kind.LATE, 0, Optional.empty());

    static Course early(long millis) {
        return new Course(Kind.EARLY, millis, Optional.empty());
    }

    boolean hasEarlyPhase() {
        return kind == Kind.NETWORK || kind == Kind.EARLY || kind == Kind.CANCEL;
    }

    /** Returns whether the run waits for the second thing that is said. */
    boolean isAwaited() {
        return hasEarlyPhase() || kind == Kind.EXITRD;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT)
                + "+" + millis
                + lateVerb.map(verb -> "+" + verb.word()).orElse("");
    }

    static Course parse(String text) {
        String[] parts = text.split("\\+");
        return new Course(
                Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Long.parseLong(parts[1]),
                parts.length > 2 ? Verb.ofWord(parts[2]) : Optional.empty());
    }
}
