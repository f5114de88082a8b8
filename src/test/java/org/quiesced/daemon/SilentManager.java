// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.host.ServiceManager;

/** A service manager that ignores all notifications, and has no watchdog. */
class SilentManager implements ServiceManager {
    @Override
    public void ready() {}

    @Override
    public void reloading() {}

    @Override
    public void status(String line) {}

    @Override
    public void alive() {}

    @Override
    public void watchedOver(boolean isWatched) {}

    @Override
    public Optional<Duration> watchdog() {
        return Optional.empty();
    }
}
