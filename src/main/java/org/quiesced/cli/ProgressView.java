// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Plan;
import org.quiesced.run.Event;

/** Shows a simulation while it runs, and makes virtual time pass as fast as somebody wants to watch it. */
interface ProgressView extends AutoCloseable {
    /** Receives each new virtual time, in nanoseconds, before it is reached; may wait. */
    void advance(long time);

    /** Receives each event. */
    void happened(Event event);

    /** Returns a view that shows nothing and takes no time. */
    static ProgressView silent() {
        return new ProgressView() {
            @Override
            public void advance(long time) {}

            @Override
            public void happened(Event event) {}
        };
    }

    /** Returns bars on a terminal, lines elsewhere. */
    static ProgressView of(Output output, Plan plan, Latencies latencies, Optional<Double> speed) {
        Pace pace = new Pace(speed);
        return output.terminal().isDrawnOn()
                ? new ProgressBars(output, plan, latencies, pace)
                : new ProgressLines(output, plan, pace);
    }

    /** Ends the view and leaves what it showed last on the screen. */
    @Override
    default void close() {}
}
