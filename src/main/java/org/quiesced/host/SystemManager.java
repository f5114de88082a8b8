// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.time.Duration;

/** The process that manages the machine's services, as PID 1. For one thread at a time. */
public interface SystemManager {
    /**
     * Default time limit of systemd for the start and the stop of a unit ({@code DefaultTimeoutStartSec=}, {@code
     * DefaultTimeoutStopSec=}), and its compiled-in limit for shutdown hooks ({@code DEFAULT_TIMEOUT_USEC} in {@code
     * src/basic/constants.h}, used in {@code src/shutdown/shutdown.c}). Some distributions build it with 45 s.
     */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(90);

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
