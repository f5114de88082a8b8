// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.quiesced.kernel.DeviceEvents;
import org.quiesced.kernel.DeviceEvents.Change;
import org.quiesced.kernel.DeviceEvents.Notice;

/** Watches the device tree and reports a burst of changes as one, after a quiet period or a time limit. */
final class TreeWatch {
    /** Quiet period that ends a burst of events. */
    static final Duration QUIET = Duration.ofMillis(200);
    /** Longest wait for a quiet period. */
    static final Duration LONGEST = Duration.ofSeconds(1);

    /** Timeout for the first event of a burst; poll(2) takes at most 24 days. */
    private static final Duration FOR_EVER = Duration.ofDays(20);

    private static final Set<String> STRUCTURE = Set.of("add", "remove", "move", "bind", "unbind");
    private static final String DISK = "block";
    private static final String VIRTUAL = "/devices/virtual/";

    private final DeviceEvents events;
    private final Set<String> watched;
    private final Runnable onChange;

    /**
     * Creates a watch.
     *
     * @param watched the buses and classes, besides {@code block}, whose {@code change} events may concern a drive,
     *     such as its state or size
     */
    TreeWatch(DeviceEvents events, Set<String> watched, Runnable onChange) {
        this.events = events;
        this.watched = Set.copyOf(watched);
        this.onChange = onChange;
    }

    /**
     * Watches until the events end.
     *
     * @throws IOException if the source of events fails
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
            // poll(2) counts in milliseconds: round up, so that a fraction of one does not become a timeout of zero.
            if (matters(events.await(left.plusMillis(1)))) {
                quietFrom = System.nanoTime();
            }
        }
    }

    /**
     * Returns whether an event concerns the plan. Virtual devices have no drivers, and only those of a watched class
     * have dependencies (a head disk of NVMe multipath); device links are virtual devices too.
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
