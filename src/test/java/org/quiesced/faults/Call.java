// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import org.quiesced.device.Device;

/** A call of the kernel port, as the kernel has seen it. */
final class Call {
    final int number;
    final Site site;
    /** The device that it was made for, if for one. */
    final Device device;
    /** The device of the task that made it, if a task did. */
    final Device task;
    /** The line of execution that made it. */
    final int strand;
    /** Its place among all calls, returns and events of the run. */
    final int begun;

    final long from;
    /** The place of its return, or {@link Integer#MAX_VALUE} as long as it has not returned. */
    int ended = Integer.MAX_VALUE;
    /** When it returned, or {@link Long#MAX_VALUE} as long as it has not. */
    long to = Long.MAX_VALUE;
    /** What it has changed has been changed from then on. */
    boolean succeeded;
    /** What was written, for an attribute. */
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
