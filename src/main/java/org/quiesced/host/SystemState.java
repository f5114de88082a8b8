// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.time.Duration;
import java.util.Optional;

/** What the daemon asks of the machine that it runs on, apart from its devices. Safe for use by several threads. */
public interface SystemState {
    /** Returns whether this is a container, whose end is not the end of the machine. */
    boolean isContainer();

    /**
     * Returns whether systemd-shutdown(8) has taken over: all other processes are gone, and nothing is started any
     * more.
     */
    boolean isFinalPhase();

    /**
     * Returns how long systemd-shutdown(8) waits at the most for processes to end, each time that it tells all of them
     * to.
     *
     * @return nothing if that is not known, or before it has taken over
     */
    Optional<Duration> killTimeout();

    /**
     * Returns a process, to watch it.
     *
     * @param pid its number, in decimal
     * @return nothing if no process has that number
     */
    Optional<HostProcess> process(String pid);

    /** A process. A later one of the same number is another. */
    interface HostProcess {
        /** Returns whether the process has not ended. */
        boolean isAlive();

        /** Returns how long ago the process was started, to a hundredth of a second; zero if that is not known. */
        Duration age();
    }
}
