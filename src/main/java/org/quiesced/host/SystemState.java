// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.time.Duration;
import java.util.Optional;

/** State of the machine that the daemon runs on, apart from its devices. Thread-safe. */
public interface SystemState {
    /** Returns whether this is a container, whose shutdown is not that of the machine. */
    boolean isContainer();

    /** Returns whether systemd-shutdown(8) is PID 1: all other processes have ended, and none is started. */
    boolean isFinalPhase();

    /**
     * Returns how long systemd-shutdown(8) waits for processes to end, each time that it sends them all a signal.
     *
     * @return empty if unknown, or if systemd-shutdown(8) is not PID 1
     */
    Optional<Duration> killTimeout();

    /**
     * Returns a process.
     *
     * @param pid its process ID, in decimal
     * @return empty if there is no such process
     */
    Optional<HostProcess> process(String pid);

    /** A process; a later process with the same ID is a different one. */
    interface HostProcess {
        /** Returns whether the process still exists. */
        boolean isAlive();

        /** Returns the time since the start of the process, in steps of 10 ms; zero if unknown. */
        Duration age();
    }
}
