// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.shutdown.Verb;

/** The system manager, PID 1. Thread-safe. */
public interface SystemManager {
    /**
     * Default time limit of systemd for the start and the stop of a unit ({@code DefaultTimeoutStartSec=}, {@code
     * DefaultTimeoutStopSec=}), and its compiled-in limit for shutdown hooks ({@code DEFAULT_TIMEOUT_USEC} in {@code
     * src/basic/constants.h}, used in {@code src/shutdown/shutdown.c}). Some distributions build it with 45 s.
     */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(90);

    /** The state of the machine, as the manager reports it. */
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
     * Queries the verb of the shutdown in progress, within five seconds.
     *
     * @return empty if the machine is not to be stopped or restarted, as with a soft-reboot
     * @throws IOException if the manager does not answer
     */
    Optional<Verb> verb() throws IOException;

    /**
     * Starts a unit, unless that conflicts with a queued job, for example a shutdown. Returns when the start is queued,
     * after ten seconds at most.
     *
     * @throws IOException if the manager refuses; its message has the reason
     */
    void start(String unit) throws IOException;
}
