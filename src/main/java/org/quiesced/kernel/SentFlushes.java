// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.quiesced.device.Device;

/**
 * Counts the flushes that this process has sent, by namespace. All controllers of an NVMe subsystem flush the same head
 * disks, over any path, so the counters of each controller's paths include the flushes of the others. Thread-safe.
 */
public final class SentFlushes {
    private final Map<Device, AtomicLong> begun = new ConcurrentHashMap<>();
    private final Map<Device, AtomicLong> ended = new ConcurrentHashMap<>();

    /** Creates a count with no flush sent. */
    public SentFlushes() {}

    /** Counts a flush that is about to be sent. The result has to be closed when the flush has completed or failed. */
    public Sending begin(Device namespace) {
        counter(begun, namespace).incrementAndGet();
        return new Sending(counter(ended, namespace));
    }

    /** A flush in flight. */
    public static final class Sending implements AutoCloseable {
        private final AtomicLong ended;

        private Sending(AtomicLong ended) {
            this.ended = ended;
        }

        /** Counts the flush as ended. Must be called once. */
        @Override
        public void close() {
            ended.incrementAndGet();
        }
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
