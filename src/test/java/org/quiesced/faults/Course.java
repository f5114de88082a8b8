// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.Locale;
import java.util.Optional;
import org.quiesced.shutdown.Verb;

/**
 * The course of a shutdown: its phases, and the notification that the run receives after its start.
 *
 * @param millis the time of the notification, in milliseconds since the beginning
 * @param lateVerb the verb of the late phase, or of the exitrd, if it differs from the first one
 */
record Course(Kind kind, long millis, Optional<Verb> lateVerb) {
    enum Kind {
        /** The late phase only. */
        LATE,
        /** An early phase before the network is stopped, its continuation after half the time, then the late phase. */
        NETWORK,
        /** An early phase, then the late phase. */
        EARLY,
        /** The late phase, then an exitrd. */
        EXITRD,
        /** An early phase, then the cancellation of the shutdown. */
        CANCEL,
        /** The late phase only, then the end of the hook. */
        ABANDON
    }

    static final Course LATE_ALONE = new Course(Kind.LATE, 0, Optional.empty());

    static Course early(long millis) {
        return new Course(Kind.EARLY, millis, Optional.empty());
    }

    boolean hasEarlyPhase() {
        return kind == Kind.NETWORK || kind == Kind.EARLY || kind == Kind.CANCEL;
    }

    /** Returns whether the run waits for the notification. */
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
