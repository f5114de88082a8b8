// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.quiesced.device.Device;

/**
 * How many flushes this process has sent to which namespace. All controllers of an NVMe subsystem flush the same head disks, by whatever path, so each
 * finds the others' flushes in the counters of its own paths. Safe for use by several threads.
 */
public final class SentFlushes {
    private final Map<Device, AtomicLong> begun = new ConcurrentHashMap<>();
    private final Map<Device, AtomicLong> ended = new ConcurrentHashMap<>();

    /** Makes the count, with no flush sent. */
    public SentFlushes() {}

    /** A flush. */
    @FunctionalInterface
    public interface Flush {
        /** Sends it, and waits for its completion. */
        void send() throws IOException;
    }

    /**
     * Sends a flush, and counts it.
     *
     * @throws IOException if it fails; it has been sent all the same
     */
    public void send(Device namespace, Flush flush) throws IOException {
        counter(begun, namespace).incrementAndGet();
        try {
            flush.send();
        } finally {
            counter(ended, namespace).incrementAndGet();
        }
    }

    private static AtomicLong counter(Map<Device, AtomicLong> counters, Device namespace) {
        return counters.computeIfAbsent(namespace, key -> new AtomicLong());
    }

    /** Returns how many flushes of a namespace have been begun. */
    public long begun(Device namespace) {
        return counter(begun, namespace).get();
    }

    /** Returns how many flushes of a namespace have ended. */
    public long ended(Device namespace) {
        return counter(ended, namespace).get();
    }
}
