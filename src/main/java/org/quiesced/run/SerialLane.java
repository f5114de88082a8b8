// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.Comparator;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import org.quiesced.device.DeviceTree;

/**
 * Queue of the devices that go down one at a time: the deepest first, then in reverse order of discovery. For one
 * thread.
 */
public final class SerialLane {
    private static final int NOBODY = -1;

    private final PriorityQueue<Integer> ready;
    private int current = NOBODY;

    /**
     * Creates an empty lane.
     *
     * @param tree the tree in which the devices have their index
     */
    public SerialLane(DeviceTree tree) {
        this.ready = new PriorityQueue<>(Comparator.comparingInt(tree::depthOf)
                .thenComparing(Comparator.naturalOrder())
                .reversed());
    }

    /** Adds a device that may start. */
    public void add(int device) {
        ready.add(device);
    }

    /** Removes all devices that have not been taken. */
    void clear() {
        ready.clear();
    }

    /** Takes the next device; empty if there is none, or if the previous one has not ended. */
    public OptionalInt next() {
        if (current != NOBODY || ready.isEmpty()) {
            return OptionalInt.empty();
        }
        current = ready.remove();
        return OptionalInt.of(current);
    }

    /** Records that a device has ended or was given up. Does nothing for a device that is not on the lane. */
    public void end(int device) {
        if (current == device) {
            current = NOBODY;
        }
    }
}
