// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * Reports the events of a run to a listener at once, and keeps them. Its methods take devices by their index in the
 * tree and times by the pool's clock; the times in events count from the beginning of the run. For the coordinator's
 * thread.
 */
final class EventLog {
    private final DeviceTree tree;
    private final LongSupplier clock;
    private final Consumer<? super Event> listener;
    private final long begin;
    private final List<Event> events = new ArrayList<>();
    private final BitSet planned = new BitSet();

    /**
     * Creates the log of a run that begins with this call.
     *
     * @param clock the pool's clock
     */
    EventLog(DeviceTree tree, LongSupplier clock, Consumer<? super Event> listener) {
        this.tree = tree;
        this.clock = clock;
        this.listener = listener;
        this.begin = clock.getAsLong();
    }

    /** Returns when the run began. */
    long begin() {
        return begin;
    }

    /** Returns all events so far, and the time since the run began. */
    Timeline timeline(Verb verb) {
        return new Timeline(verb, events, Duration.ofNanos(now()));
    }

    private long now() {
        return clock.getAsLong() - begin;
    }

    private void tell(Event event) {
        events.add(event);
        listener.accept(event);
    }

    /** Reports the plan's disposition of a device. */
    void planned(int device, Disposition disposition) {
        planned.set(device);
        tell(new Event.Planned(tree.get(device), now(), disposition));
    }

    /** Reports that a device's shutdown has begun. */
    void started(int device, long at, Event.Place place) {
        tell(new Event.Started(tree.get(device), at - begin, place));
    }

    /** Reports that a device's caches were written. */
    void flushed(int device, long at) {
        tell(new Event.Flushed(tree.get(device), at - begin));
    }

    /** Reports that a device's driver is about to be unbound. */
    void unbinding(int device, long at, Removal removal) {
        tell(new Event.Unbinding(tree.get(device), at - begin, removal));
    }

    /** Reports that a device's driver is gone, and its disk is about to be stopped. */
    void stopping(int device, long at) {
        tell(new Event.Stopping(tree.get(device), at - begin));
    }

    /** Reports that a device's driver is gone. */
    void done(int device, long at, Ending ending) {
        tell(new Event.Done(tree.get(device), at - begin, ending));
    }

    /** Reports that the additional step that another verb requires has ended. */
    void finished(int device, long at, Ending ending) {
        tell(new Event.Finished(tree.get(device), at - begin, ending));
    }

    /** Reports that a step failed at a device. */
    void failed(int device, long at, Reason.Failed reason) {
        tell(new Event.Failed(tree.get(device), at - begin, reason.detail()));
    }

    /**
     * Reports that a device is left to the kernel. Does nothing for a device without a disposition: it has no driver,
     * and is not shut down by the kernel either.
     */
    void left(int index, Reason reason) {
        Device device = tree.get(index);
        if (planned.get(index)) {
            tell(new Event.LeftToKernel(device, now(), reason));
        }
    }

    /** Reports that a device is deferred. Does nothing for a device without a disposition. */
    void deferred(int index, Reason reason, Event.Awaited awaited) {
        Device device = tree.get(index);
        if (planned.get(index)) {
            tell(new Event.Deferred(device, now(), reason, awaited));
        }
    }

    /** Reports that a device's driver is bound again. */
    void restored(int device, long at) {
        tell(new Event.Restored(tree.get(device), at - begin));
    }

    /** Reports that a device's driver could not be bound again. */
    void notRestored(int device, long at, String detail) {
        tell(new Event.NotRestored(tree.get(device), at - begin, detail));
    }
}
