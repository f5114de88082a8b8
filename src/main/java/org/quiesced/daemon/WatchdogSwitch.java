// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.function.BooleanSupplier;
import org.quiesced.host.ServiceManager;

/**
 * Disables the service manager's watchdog while anything is in flight, because a driver stops waiting for its drive
 * when the process that began the unbind is killed. Enables it again after a cancelled shutdown; otherwise nothing
 * receives the message. Safe for use by several threads; no run and no hook waits for it.
 */
final class WatchdogSwitch {
    private final ServiceManager manager;
    private final BooleanSupplier isInFlight;
    private boolean unwatched;

    /**
     * Creates a switch.
     *
     * @param isInFlight whether a run is under way, or a change that it began has not ended
     */
    WatchdogSwitch(ServiceManager manager, BooleanSupplier isInFlight) {
        this.manager = manager;
        this.isInFlight = isInFlight;
    }

    /** Sends the current state. Reads it under the lock, so that the last message is true. */
    synchronized void tell() {
        unwatched = isInFlight.getAsBoolean();
        manager.watchedOver(!unwatched);
    }

    /**
     * Sends the state again while the watchdog is disabled, or if it was until now. To be called with each keep-alive
     * message: systemd may lose a message that it does not read in time.
     */
    synchronized void remind() {
        if (unwatched) {
            tell();
        }
    }
}
