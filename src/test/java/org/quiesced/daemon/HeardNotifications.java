// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quiesced.host.ServiceManager;

/** A service manager with a watchdog that records its notifications. */
final class HeardNotifications implements ServiceManager {
    final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    volatile Runnable onAlive = () -> {};
    volatile Runnable onWatchedOver = () -> {};

    @Override
    public void ready() {
        told.add("ready");
    }

    @Override
    public void reloading() {
        told.add("reloading");
    }

    @Override
    public void status(String line) {
        told.add(line);
    }

    @Override
    public void alive() {
        onAlive.run();
        told.add("alive");
    }

    @Override
    public void watchedOver(boolean isWatched) {
        onWatchedOver.run();
        told.add(isWatched ? "watched" : "not watched");
    }

    @Override
    public Optional<Duration> watchdog() {
        return Optional.of(Duration.ofMillis(300));
    }

    String next(String wanted) throws InterruptedException {
        long end = System.nanoTime() + Awaiting.LIMIT.toNanos();
        List<String> seen = new ArrayList<>();
        do {
            String line = told.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(line).as("waiting for " + wanted + " after " + seen).isNotNull();
            seen.add(line);
        } while (!seen.get(seen.size() - 1).equals(wanted));
        return wanted;
    }
}
