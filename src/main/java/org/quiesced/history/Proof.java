// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a drive itself says of the end of a boot, by its counters before and after it. In JSON it is its name in lower
 * case.
 */
public enum Proof {
    /** It counted no unsafe shutdown. */
    CLEAN,
    /** The same, but it has not lost its power either, and could not have counted one. */
    POWERED,
    /** It lost its power before it had completed a shutdown. */
    UNSAFE,
    /** It was not asked both times, or its counters went backwards, as those of a drive that was replaced do. */
    UNKNOWN;

    /** Returns the proof as JSON has it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what follows from the counters at both ends. */
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
