// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a drive was shut down cleanly at the end of a boot, by its counters before and after. The JSON form is the
 * name in lower case.
 */
public enum Proof {
    /** The drive counted no unsafe shutdown. */
    CLEAN,
    /** The drive counted no unsafe shutdown, but no power cycle either, so it could not have counted one. */
    POWERED,
    /** The drive counted an unsafe shutdown: it lost power before it had completed one. */
    UNSAFE,
    /** A counter is unknown or went backwards, as it does if a drive was replaced. */
    UNKNOWN;

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the proof that follows from the counters before and after. */
    public static Proof of(Optional<Counters> before, Optional<Counters> after) {
        Optional<Integer> cycles = growth(before, after, Counters::powerCycles);
        Optional<Integer> unsafe = growth(before, after, Counters::unsafeShutdowns);
        return cycles.flatMap(turnedOn -> unsafe.map(lost -> of(turnedOn, lost)))
                .orElse(UNKNOWN);
    }

    private static Optional<Integer> growth(
            Optional<Counters> before, Optional<Counters> after, Function<Counters, Optional<BigInteger>> counter) {
        return before.flatMap(counter).flatMap(first -> after.flatMap(counter).map(last -> last.compareTo(first)));
    }

    private static Proof of(int cycles, int unsafe) {
        if (cycles < 0 || unsafe < 0) {
            return UNKNOWN;
        }
        if (unsafe > 0) {
            return UNSAFE;
        }
        return cycles == 0 ? POWERED : CLEAN;
    }
}
