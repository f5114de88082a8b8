// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.quiesced.plan.Plan;
import org.quiesced.run.Event;

/** Counts the devices that go down in the warm-up. Safe for use by several threads. */
final class WarmUpEvents extends EventStream {
    private final AtomicInteger down = new AtomicInteger();
    private final Semaphore settled = new Semaphore(0);

    @Override
    void tell(Event event) {
        super.tell(event);
        if (event instanceof Event.Done done && done.ending().shortcoming().isEmpty()) {
            down.incrementAndGet();
            settled.release();
        } else if (event instanceof Event.Deferred deferred && deferred.awaited() == Event.Awaited.LATE_PHASE) {
            settled.release();
        }
    }

    /**
     * Waits until each handled device is down or deferred to the late phase, at most {@link WarmUp#LONGEST_SILENCE}, so
     * that the daemon starts in any case.
     *
     * @return number of devices that are down; 0 if the limit is reached
     */
    int awaitEarlyPhase(Plan plan) throws InterruptedException {
        int handled = (int) plan.driven().stream().filter(plan::handles).count();
        return settled.tryAcquire(handled, WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS) ? down.get() : 0;
    }

    /** Returns the number of devices that went down since the last call. */
    int takeDown() {
        return down.getAndSet(0);
    }
}
