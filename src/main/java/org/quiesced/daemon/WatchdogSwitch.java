// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.function.BooleanSupplier;
import org.quiesced.host.ServiceManager;

/**
 * Tells the service manager whether it may kill the daemon when it misses its watchdog. It may not while anything is in
 * flight: a driver's wait for its drive ends with the process that began it. If the shutdown was cancelled, systemd is
 * there and supervises the daemon again; if not, nothing receives the message.
 * Any thread may use it; no run and no hook waits for it.
 */
final class WatchdogSwitch {
    private final ServiceManager manager;
    private final BooleanSupplier isInFlight;
    private boolean unwatched;

    /**
     * Makes it.
     *
     * @param isInFlight whether a run is under way, or what it has begun has not ended
     */
    WatchdogSwitch(ServiceManager manager, BooleanSupplier isInFlight) {
        this.manager = manager;
        this.isInFlight = isInFlight;
    }

    /** Reports the current state. The state is read under the lock, so that the last message is true. */
    synchronized void tell() {
        unwatched = isInFlight.getAsBoolean();
        manager.watchedOver(!unwatched);
    }

    /**
     * Says again that the daemon may not be killed, or that it may now, if it might not before. A message is lost if
     * systemd does not read for some time, so this is to be called with each sign of life.
     */
    synchronized void remind() {
        if (unwatched) {
            tell();
        }
    }
}
