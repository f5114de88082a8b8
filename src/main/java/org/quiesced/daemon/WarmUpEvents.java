// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.quiesced.plan.Plan;
import org.quiesced.run.Event;

/** Counts the devices that go down in the warm-up. Any thread may use it. */
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
     * Waits until each device of a plan is down or waits for the late phase: that might come before the early one has
     * begun. Not for long, for the daemon is to start all the same.
     *
     * @return how many are down
     */
    int awaitEarlyPhase(Plan plan) throws InterruptedException {
        int handled = (int) plan.driven().stream().filter(plan::handles).count();
        return settled.tryAcquire(handled, WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS) ? down.get() : 0;
    }

    /** Returns how many devices went down since this was asked the last time. */
    int takeDown() {
        return down.getAndSet(0);
    }
}
