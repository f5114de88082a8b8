// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;

/** The system manager, PID 1. Not thread-safe. */
public interface SystemManager {
    /** The state of the machine. */
    enum State {
        /** A shutdown was requested and not cancelled. */
        STOPPING,
        /** No shutdown was requested. The boot need not have finished. */
        UP,
        /** Unknown: the manager does not answer, or re-executes itself. */
        UNKNOWN
    }

    /** Queries the state, within a second. */
    State state();

    /**
     * Starts a unit, unless that conflicts with a queued job, for example a shutdown. Returns when the start is queued,
     * after ten seconds at most.
     *
     * @throws IOException if the manager refuses; its message has the reason
     */
    void start(String unit) throws IOException;
}
