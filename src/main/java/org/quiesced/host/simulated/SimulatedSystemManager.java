// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.host.SystemManager;
import org.quiesced.shutdown.Verb;

/** A manager whose state is unknown until it is set, and that has no shutdown until one begins. Thread-safe. */
public final class SimulatedSystemManager implements SystemManager {
    private final List<String> started = new CopyOnWriteArrayList<>();
    private volatile State state = State.UNKNOWN;
    private volatile Optional<Verb> verb = Optional.empty();
    private volatile boolean silent;

    /** Creates a manager. */
    public SimulatedSystemManager() {}

    /** Sets the state. */
    public void is(State newState) {
        state = newState;
    }

    /** Begins a shutdown. */
    public void shutsDown(Verb newVerb) {
        verb = Optional.of(newVerb);
        state = State.STOPPING;
    }

    /** Stops answering queries for the verb. */
    public void fallsSilent() {
        silent = true;
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
    public Optional<Verb> verb() throws IOException {
        if (silent) {
            throw new IOException("no answer");
        }
        return verb;
    }

    @Override
    public void start(String unit) {
        started.add(unit);
    }
}
