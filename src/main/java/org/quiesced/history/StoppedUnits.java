// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The units that took longest to stop, by systemd's messages in the journal.
 *
 * @param missing why the units are unknown, in words; empty if the journal was read
 * @param slowest the units, in descending order of the time that they took
 */
public record StoppedUnits(Optional<String> missing, List<Unit> slowest) {
    /** Maximum number of units that are kept. */
    public static final int MOST = 10;

    /**
     * A unit. Times are in seconds since the shutdown request.
     *
     * @param unit its name
     * @param from when systemd began to stop it; negative if that was before the request
     * @param to when it was stopped
     */
    public record Unit(String unit, double from, double to) {
        /** Returns the time that it took to stop, in seconds. */
        public double took() {
            return to - from;
        }
    }

    /** Copies the list; rejects values that are absent in JSON. */
    public StoppedUnits {
        slowest = List.copyOf(Objects.requireNonNull(slowest, "slowest"));
    }

    /**
     * Creates an unknown result.
     *
     * @param why the reason, in words
     */
    public static StoppedUnits unknown(String why) {
        return new StoppedUnits(Optional.of(why), List.of());
    }

    /** Returns what is invalid; empty if nothing is. */
    Optional<String> wrong() {
        boolean isWrong = missing.filter(ShutdownRecord::isNoText).isPresent()
                || slowest.stream()
                        .anyMatch(unit -> ShutdownRecord.isNoText(unit.unit())
                                || !Double.isFinite(unit.from())
                                || !Double.isFinite(unit.to()));
        return isWrong ? Optional.of("a unit lacks a text or a time") : Optional.empty();
    }
}
