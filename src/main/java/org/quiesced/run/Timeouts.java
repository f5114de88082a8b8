// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/** The time limits of devices in flight. Times are those of the pool's clock. */
final class Timeouts {
    private record Entry(int device, long at) {}

    private final PriorityQueue<Entry> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    private final Map<Integer, Long> current = new HashMap<>();

    /** Sets or changes a device's time. */
    void set(int device, long at) {
        current.put(device, at);
        queue.add(new Entry(device, at));
    }

    /** Forgets a device. */
    void remove(int device) {
        current.remove(device);
    }

    /** Returns the devices that have a time. */
    List<Integer> devices() {
        return List.copyOf(current.keySet());
    }

    /** Returns the time of the first device, or {@link Long#MAX_VALUE}. */
    long next() {
        dropStale();
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().at();
    }

    /** Takes a device whose time has come. */
    OptionalInt takeExpired(long now) {
        dropStale();
        if (queue.isEmpty() || queue.peek().at() > now) {
            return OptionalInt.empty();
        }
        int device = queue.remove().device();
        current.remove(device);
        return OptionalInt.of(device);
    }

    /**
     * Drops outdated entries at the head of the queue: a change or removal does not search the queue for the old entry.
     */
    private void dropStale() {
        while (!queue.isEmpty()
                && !Long.valueOf(queue.peek().at())
                        .equals(current.get(queue.peek().device()))) {
            queue.remove();
        }
    }
}
