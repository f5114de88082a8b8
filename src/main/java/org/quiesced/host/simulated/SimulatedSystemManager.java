// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.host.SystemManager;

/** A manager whose state is unknown until it is set. Thread-safe. */
public final class SimulatedSystemManager implements SystemManager {
    private final List<String> started = new CopyOnWriteArrayList<>();
    private volatile State state = State.UNKNOWN;

    /** Creates a manager. */
    public SimulatedSystemManager() {}

    /** Sets the state. */
    public void is(State newState) {
        state = newState;
    }

    /** Returns the units that were started, in order. */
    public List<String> started() {
        return List.copyOf(started);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public void start(String unit) {
        started.add(unit);
    }
}
