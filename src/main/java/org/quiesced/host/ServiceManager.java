// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.time.Duration;
import java.util.Optional;

/**
 * The service manager that started this service and supervises it, such as systemd (sd_notify(3)). Best effort; never
 * throws.
 */
public interface ServiceManager {
    /** Says that the service is ready, or ready again after a reload. */
    void ready();

    /** Says that the service reads its configuration again. */
    void reloading();

    /** Says in one line how the service is. */
    void status(String line);

    /** Says that the service is alive; to be said more often than {@link #watchdog} asks. */
    void alive();

    /**
     * Says whether the service may be taken for dead, and killed, when it is silent for longer than {@link #watchdog};
     * at first it may.
     */
    void watchedOver(boolean isWatched);

    /** Returns how long the service may be silent before it is taken for dead; nothing if nobody watches. */
    Optional<Duration> watchdog();
}
