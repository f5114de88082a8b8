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
    /** A change of such a device may change what is known of a drive: its size, its state. */
    private static final Set<String> STORAGE = Set.of("block", "nvme", "nvme-subsystem", "scsi", "scsi_disk");

    private final DeviceEvents events;
    private final Runnable onChange;

    TreeWatch(DeviceEvents events, Runnable onChange) {
        this.events = events;
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
     * Virtual devices have no drivers, but for a head disk of NVMe multipath they depend on none, and no device link is
     * among their own.
     */
    private static boolean matters(Optional<Notice> notice) {
        if (notice.isEmpty()) {
            return false;
        }
        if (!(notice.get() instanceof Change change)) {
            return true;
        }
        boolean virtual = change.path().startsWith("/devices/virtual/")
                && !change.path().startsWith("/devices/virtual/nvme-subsystem/")
                && !change.subsystem().equals("devlink");
        return !virtual
                && change.path().startsWith("/devices/")
                && (STRUCTURE.contains(change.action())
                        || change.action().equals("change") && STORAGE.contains(change.subsystem()));
    }
}
