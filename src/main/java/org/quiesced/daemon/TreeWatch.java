// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.quiesced.kernel.DeviceEvents;
import org.quiesced.kernel.DeviceEvents.Change;
import org.quiesced.kernel.DeviceEvents.Notice;

/**
 * Reports changes of the device tree: once for many changes that come together. Waits for a quiet period, with a limit.
 */
final class TreeWatch {
    /** Quiet period that ends a burst of events. */
    static final Duration QUIET = Duration.ofMillis(200);
    /** Longest wait for a quiet period. */
    static final Duration LONGEST = Duration.ofSeconds(1);

    private static final Duration FOR_EVER = Duration.ofDays(20);
    private static final Set<String> STRUCTURE = Set.of("add", "remove", "move", "bind", "unbind");
    private static final String DISK = "block";
    private static final String VIRTUAL = "/devices/virtual/";

    private final DeviceEvents events;
    private final Set<String> watched;
    private final Runnable onChange;

    /**
     * Makes a watch.
     *
     * @param watched the buses and classes, besides {@code block}, of which a device that changes may change what is
     *     known of a drive: its state, its size
     */
    TreeWatch(DeviceEvents events, Set<String> watched, Runnable onChange) {
        this.events = events;
        this.watched = Set.copyOf(watched);
        this.onChange = onChange;
    }

    /**
     * Watches until the events end.
     *
     * @throws IOException when they do
     */
    void watch() throws IOException {
        while (true) {
            if (matters(events.await(FOR_EVER))) {
                settle();
                onChange.run();
            }
        }
    }

    private void settle() throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        long quietFrom = System.nanoTime();
        for (long now = quietFrom; now < end && now < quietFrom + QUIET.toNanos(); now = System.nanoTime()) {
            Duration left = Duration.ofNanos(Math.min(end, quietFrom + QUIET.toNanos()) - now);
            // poll(2) counts in milliseconds: a rest below one must not become a wait of zero.
            if (matters(events.await(left.plusMillis(1)))) {
                quietFrom = System.nanoTime();
            }
        }
    }

    /**
     * Virtual devices have no drivers, but for those of a watched class (a head disk of NVMe multipath) they depend on
     * none, and no device link is among their own.
     */
    private boolean matters(Optional<Notice> notice) {
        if (notice.isEmpty()) {
            return false;
        }
        if (!(notice.get() instanceof Change change)) {
            return true;
        }
        return change.path().startsWith("/devices/")
                && (!change.path().startsWith(VIRTUAL)
                        || change.subsystem().equals("devlink")
                        || isInWatchedDirectory(change.path()))
                && (STRUCTURE.contains(change.action())
                        || change.action().equals("change") && isWatched(change.subsystem()));
    }

    private boolean isWatched(String subsystem) {
        return subsystem.equals(DISK) || watched.contains(subsystem);
    }

    private boolean isInWatchedDirectory(String virtualPath) {
        int end = virtualPath.indexOf('/', VIRTUAL.length());
        return end > 0 && watched.contains(virtualPath.substring(VIRTUAL.length(), end));
    }
}
