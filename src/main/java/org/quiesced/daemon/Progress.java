// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.quiesced.device.Device;
import org.quiesced.run.Event;

/** Counts the devices of a run. The run's thread tells it, any other may ask. */
final class Progress implements Consumer<Event> {
    private final long begin = System.nanoTime();
    private final Set<Device> ours = new HashSet<>();
    private final Set<Device> started = new HashSet<>();
    private int down;

    /**
     * Begins to count.
     *
     * @param devices those that go down by us: all are pending from now on, before the run has said a word
     */
    Progress(Collection<Device> devices) {
        ours.addAll(devices);
    }

    @Override
    public synchronized void accept(Event event) {
        if (event instanceof Event.Started) {
            started.add(event.device());
        } else if (event instanceof Event.Deferred) {
            started.remove(event.device());
        } else if (event instanceof Event.Done) {
            down++;
        } else if (event instanceof Event.LeftToKernel) {
            ours.remove(event.device());
        }
    }

    /** Returns whether each device that goes down by us has been started: what is left to do is to wait. */
    synchronized boolean nothingIsPending() {
        return started.containsAll(ours);
    }

    /** Returns a line for a person who waits, for example {@code 18 of 24 down, 6 to go, 4.2 s}. */
    synchronized String line() {
        return String.format(
                Locale.ROOT,
                "%d of %d down, %d to go, %.1f s",
                down,
                ours.size(),
                ours.size() - down,
                (System.nanoTime() - begin) / 1e9);
    }
}
