// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import org.quiesced.device.Device;

/** A call of the kernel port, as recorded by {@link FaultyCalls}. Times are in nanoseconds since the run began. */
final class Call {
    final int number;
    final Site site;
    /** The device that the call concerns; null if it concerns none. */
    final Device device;
    /** The device of the task that made the call; null if no task made it. */
    final Device task;
    /** The strand that made the call. */
    final int strand;
    /** The position of its beginning among all calls, returns and events of the run. */
    final int begun;

    final long from;
    /** The position of its return; {@link Integer#MAX_VALUE} until then. */
    int ended = Integer.MAX_VALUE;
    /** The time of its return; {@link Long#MAX_VALUE} until then. */
    long to = Long.MAX_VALUE;
    /** Whether it returned without an error, so that its change was made. */
    boolean succeeded;
    /** The attribute and the value of a write, or the name of an attribute that was read. */
    String text = "";

    Call(int number, Site site, Device device, Device task, int strand, int begun, long from) {
        this.number = number;
        this.site = site;
        this.device = device;
        this.task = task;
        this.strand = strand;
        this.begun = begun;
        this.from = from;
    }

    @Override
    public String toString() {
        return "call " + number + ", " + site + (device == null ? "" : " of " + device)
                + (text.isEmpty() ? "" : " " + text)
                + (succeeded ? "" : ended < Integer.MAX_VALUE ? " (failed)" : " (hangs)")
                + ", at " + from / 1_000_000 + " ms";
    }
}
