// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Optional;
import org.quiesced.kernel.Latencies;
import org.quiesced.run.Event;

/** Shows a simulation while it runs, and paces its virtual time. */
interface ProgressView extends AutoCloseable {
    /** Called before virtual time advances to {@code time}, in nanoseconds; may block. */
    void advance(long time);

    /** Called for each event. */
    void happened(Event event);

    /** Returns a view that shows nothing and does not block. */
    static ProgressView silent() {
        return new ProgressView() {
            @Override
            public void advance(long time) {}

            @Override
            public void happened(Event event) {}
        };
    }

    /**
     * Returns bars if the output is a terminal, or else lines.
     *
     * @param speed ratio of virtual to real time; empty for no delay
     */
    static ProgressView of(Output output, Simulation simulation, Latencies latencies, Optional<Double> speed) {
        Pace pace = new Pace(speed);
        return output.terminal().isDrawnOn()
                ? new ProgressBars(output, simulation, latencies, pace)
                : new ProgressLines(output, simulation, pace);
    }

    /** Ends the view and leaves its last picture on the screen. */
    @Override
    default void close() {}
}
