// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.time.Duration;
import java.util.Optional;

/**
 * The service manager that started this service and supervises it, such as systemd (sd_notify(3)). Best effort; never
 * throws.
 */
public interface ServiceManager {
    /** Reports that the service is ready, at its start or after a reload. */
    void ready();

    /** Reports that the service reloads its configuration. */
    void reloading();

    /** Sets the one-line status of the service. */
    void status(String line);

    /** Pings the watchdog; to be called at shorter intervals than {@link #watchdog}. */
    void alive();

    /**
     * Enables or disables the watchdog, which kills the service if it sends no ping for longer than {@link #watchdog}.
     * It is enabled at first.
     */
    void watchedOver(boolean isWatched);

    /** Returns the watchdog's timeout; empty if the watchdog is not used. */
    Optional<Duration> watchdog();
}
