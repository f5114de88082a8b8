// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How long units took to stop, as systemd told the journal.
 *
 * @param missing why nothing is known, in words; empty if the journal was read
 * @param slowest the units that took longest, the slowest first
 */
public record StoppedUnits(Optional<String> missing, List<Unit> slowest) {
    /** How many units are kept. */
    public static final int MOST = 10;

    /**
     * A unit. Times are in seconds since the shutdown was asked for.
     *
     * @param unit its name
     * @param from when systemd began to stop it, which may be before that
     * @param to when it was stopped
     */
    public record Unit(String unit, double from, double to) {
        /** Returns how long it took, in seconds. */
        public double took() {
            return to - from;
        }
    }

    /** Copies the list; takes what is absent in JSON for damage. */
    public StoppedUnits {
        slowest = List.copyOf(Objects.requireNonNull(slowest, "slowest"));
    }

    /** Makes that of which nothing is known. */
    public static StoppedUnits unknown(String why) {
        return new StoppedUnits(Optional.of(why), List.of());
    }

    /** Returns what is wrong with it, if anything is. */
    Optional<String> wrong() {
        boolean isWrong = missing.filter(ShutdownRecord::isNoText).isPresent()
                || slowest.stream()
                        .anyMatch(unit -> ShutdownRecord.isNoText(unit.unit())
                                || !Double.isFinite(unit.from())
                                || !Double.isFinite(unit.to()));
        return isWrong ? Optional.of("a unit lacks a text or a time") : Optional.empty();
    }
}
