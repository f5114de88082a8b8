// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;

/** The process that manages the machine's services, as PID 1. For one thread at a time. */
public interface SystemManager {
    /** What it says of the machine. */
    enum State {
        /** A shutdown is asked for and not cancelled. */
        STOPPING,
        /** The machine is up, and no shutdown is asked for. */
        UP,
        /** It does not say, or not clearly: it does not answer, executes itself anew, or has not finished the boot. */
        UNKNOWN
    }

    /** Asks for the state, for a second at the most. */
    State state();

    /**
     * Starts a unit, unless that conflicts with something else that was asked for, a shutdown for example. Returns when the start is queued,
     * after ten seconds at the most.
     *
     * @throws IOException if it is refused; its message gives the reason
     */
    void start(String unit) throws IOException;
}
