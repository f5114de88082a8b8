// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;

/** The process that manages the machine's services, as PID 1. For one thread at a time. */
public interface SystemManager {
    /** What it says of the machine. */
    enum State {
        /** A shutdown is asked for and not cancelled. */
        STOPPING,
        /** The machine is up, and no shutdown is asked for. */
        UP,
        /** It does not say: it does not answer, or executes itself anew. */
        UNKNOWN
    }

    /** Asks for the state, for a second at the most. That the boot has not finished makes no difference. */
    State state();

    /**
     * Starts a unit, unless that conflicts with something else that was asked for, a shutdown for example. Returns when
     * the start is queued, after ten seconds at the most.
     *
     * @throws IOException if it is refused; its message gives the reason
     */
    void start(String unit) throws IOException;
}
