// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.quiesced.device.Device;
import org.quiesced.run.Event;

/**
 * Listener of a run that calls an action once, when no device needs the network any more: each device that is reached
 * through it is down, deferred, left to the kernel, or being disconnected from a target that does not answer. For the
 * run's thread.
 */
final class NetworkWait implements Consumer<Event> {
    private final Set<Device> needing;
    private final Runnable over;
    private boolean told;

    /**
     * Creates the listener.
     *
     * @param devices the devices that need the network
     * @param over the action; called by this constructor if there are no devices
     */
    NetworkWait(List<Device> devices, Runnable over) {
        this.needing = new HashSet<>(devices);
        this.over = over;
        tellIfOver();
    }

    @Override
    public void accept(Event event) {
        boolean hasEnded = event.isLast() || event instanceof Event.Deferred;
        boolean isCutOff = event instanceof Event.Unbinding unbinding
                && !unbinding.removal().usesNetwork();
        if (hasEnded || isCutOff) {
            needing.remove(event.device());
            tellIfOver();
        }
    }

    /** Returns whether no device needs the network any more. */
    boolean isOver() {
        return needing.isEmpty();
    }

    private void tellIfOver() {
        if (needing.isEmpty() && !told) {
            told = true;
            over.run();
        }
    }
}
