// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * A queue for one consumer, which takes the items in the order in which they were added until the inbox is closed. Safe
 * for use by several threads.
 *
 * @param <T> type of the items
 */
public final class Inbox<T> {
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final int capacity;
    private boolean closed;

    /** Creates an inbox without a bound. */
    public Inbox() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Creates an inbox.
     *
     * @param capacity maximum number of items that wait to be taken
     */
    public Inbox(int capacity) {
        this.capacity = capacity;
    }

    /** Adds an item; never waits. Drops it if the inbox is full or closed. */
    public synchronized void add(T item) {
        if (!closed && items.size() < capacity) {
            items.add(item);
            notifyAll();
        }
    }

    /**
     * Takes the next item. Waits for it without a limit.
     *
     * @return the item; empty once the inbox is closed and all items were taken
     */
    public synchronized Optional<T> take() throws InterruptedException {
        while (items.isEmpty() && !closed) {
            wait();
        }
        return Optional.ofNullable(items.poll());
    }

    /** Closes the inbox. Items that were added before can still be taken. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
