// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.quiesced.device.Device;

/**
 * Counts the flushes that this process has sent, by namespace. All controllers of an NVMe subsystem flush the same head
 * disks, over any path, so the counters of each controller's paths include the flushes of the others. Safe for use by
 * several threads.
 */
public final class SentFlushes {
    private final Map<Device, AtomicLong> begun = new ConcurrentHashMap<>();
    private final Map<Device, AtomicLong> ended = new ConcurrentHashMap<>();

    /** Creates a count with no flush sent. */
    public SentFlushes() {}

    /** Counts a flush that is about to be sent. Each call is followed by one of {@link #end}. */
    public void begin(Device namespace) {
        counter(begun, namespace).incrementAndGet();
    }

    /** Counts a flush that has been completed or has failed. */
    public void end(Device namespace) {
        counter(ended, namespace).incrementAndGet();
    }

    private static AtomicLong counter(Map<Device, AtomicLong> counters, Device namespace) {
        return counters.computeIfAbsent(namespace, key -> new AtomicLong());
    }

    /** Returns the number of flushes of a namespace that have begun. */
    public long begun(Device namespace) {
        return counter(begun, namespace).get();
    }

    /** Returns the number of flushes of a namespace that have ended. */
    public long ended(Device namespace) {
        return counter(ended, namespace).get();
    }
}
