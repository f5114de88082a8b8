// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Optional;
import org.quiesced.report.Outcome;

/**
 * The progress of a device in a run; the fields are those of {@link DeviceRecord}.
 *
 * @param device its sysfs name
 */
record Progressed(
        String device,
        Optional<String> phase,
        Optional<String> deferred,
        Optional<String> lane,
        Optional<Double> start,
        Optional<Double> flushed,
        Optional<Double> removal,
        Optional<Double> stop,
        Optional<Double> end,
        Outcome outcome,
        Optional<String> reason,
        Optional<String> why) {
    /** Returns the progress of a device whose shutdown has not begun. */
    static Progressed none(
            String device, Optional<String> phase, Outcome outcome, Optional<String> reason, Optional<String> why) {
        return new Progressed(
                device,
                phase,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                outcome,
                reason,
                why);
    }

    /** Returns a copy without times. */
    Progressed withoutTimes() {
        return at(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns a copy with another begin and end. */
    Progressed during(double from, double to) {
        return at(Optional.of(from), flushed, removal, stop, Optional.of(to));
    }

    private Progressed at(
            Optional<Double> from,
            Optional<Double> flush,
            Optional<Double> removed,
            Optional<Double> stopped,
            Optional<Double> to) {
        return new Progressed(device, phase, deferred, lane, from, flush, removed, stopped, to, outcome, reason, why);
    }

    /**
     * Returns the progress by this and a later part of the record. A device that is down stays down, although the
     * one-shot command may find it in use by the daemon that it replaces.
     */
    Progressed then(Progressed later) {
        return outcome.isOurs() && !later.outcome.isOurs() ? this : later;
    }
}
