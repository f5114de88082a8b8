// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/** The time limits of devices in flight, by the pool's clock. For one thread. */
final class Timeouts {
    private record Entry(int device, long at) {}

    private final PriorityQueue<Entry> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    private final Map<Integer, Long> current = new HashMap<>();

    /** Sets or changes the time limit of a device. */
    void set(int device, long at) {
        current.put(device, at);
        queue.add(new Entry(device, at));
    }

    /** Moves the time limit of a device, if it has one, to a later time. */
    void extend(int device, Duration more) {
        Long at = current.get(device);
        if (at != null) {
            set(device, at + more.toNanos());
        }
    }

    /** Removes the time limit of a device. */
    void remove(int device) {
        current.remove(device);
    }

    /** Returns the devices with a time limit. */
    List<Integer> devices() {
        return List.copyOf(current.keySet());
    }

    /** Returns the earliest time limit; {@link Long#MAX_VALUE} if there is none. */
    long next() {
        dropStale();
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().at();
    }

    /** Removes and returns a device whose time limit has passed; empty if there is none. */
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
     * Drops outdated entries at the head of the queue, which {@link #set} and {@link #remove} leave in it to avoid a
     * search.
     */
    private void dropStale() {
        while (!queue.isEmpty()
                && !Long.valueOf(queue.peek().at())
                        .equals(current.get(queue.peek().device()))) {
            queue.remove();
        }
    }
}
