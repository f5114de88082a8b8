// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.host.SystemState;

/** The surroundings of a machine that is not a container. Its processes exist until they are ended. */
public final class SimulatedSystemState implements SystemState {
    private volatile boolean atTheEnd;
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private volatile Duration age = Duration.ZERO;

    /** Creates a machine at the end of its shutdown, so that requests are accepted. */
    public SimulatedSystemState() {
        this(true);
    }

    /**
     * Creates a machine.
     *
     * @param atTheEnd the value of {@link #isFinalPhase}
     */
    public SimulatedSystemState(boolean atTheEnd) {
        this.atTheEnd = atTheEnd;
    }

    /** Sets the age of all processes. */
    public void age(Duration newAge) {
        age = newAge;
    }

    /** Returns to the time before systemd-shutdown(8), as after a shutdown that failed. */
    public void runAgain() {
        atTheEnd = false;
    }

    /** Ends a process. */
    public void end(String pid) {
        ended.add(pid);
    }

    @Override
    public boolean isContainer() {
        return false;
    }

    @Override
    public boolean isFinalPhase() {
        return atTheEnd;
    }

    @Override
    public Optional<Duration> killTimeout() {
        return Optional.empty();
    }

    @Override
    public Optional<HostProcess> process(String pid) {
        return ended.contains(pid) ? Optional.empty() : Optional.of(new Process(pid));
    }

    private final class Process implements HostProcess {
        private final String pid;

        Process(String pid) {
            this.pid = pid;
        }

        @Override
        public boolean isAlive() {
            return !ended.contains(pid);
        }

        @Override
        public Duration age() {
            return age;
        }
    }
}
