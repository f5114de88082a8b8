// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.host.SystemState;

/** A machine that is no container. Its processes live until they are ended. */
public final class SimulatedSystemState implements SystemState {
    private final boolean atTheEnd;
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private volatile Duration age = Duration.ZERO;

    /** Makes a machine that is always about to end: what is asked of it is done. */
    public SimulatedSystemState() {
        this(true);
    }

    /** Makes a machine that is about to end, or is not. */
    public SimulatedSystemState(boolean atTheEnd) {
        this.atTheEnd = atTheEnd;
    }

    /** Makes all processes so old. */
    public void age(Duration newAge) {
        age = newAge;
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
