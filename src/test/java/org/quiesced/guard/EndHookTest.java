// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A process waits for its end hooks, also for a hook that gets no thread. */
class EndHookTest {
    /** No address space has room for it. */
    private static final long TOO_LARGE = 1L << 60;

    private final AtomicReference<Thread> ran = new AtomicReference<>();

    private EndHook hook(long stackBytes) {
        return new EndHook(() -> ran.set(Thread.currentThread()), stackBytes);
    }

    @Test
    void hookRunsOnItsOwnThread() throws InterruptedException {
        EndHook hook = hook(512 * 1024);
        hook.start();
        hook.join();

        assertThat(ran.get()).isSameAs(hook);
    }

    @Test
    void hookRunsOnTheStartingThreadWithoutAThread() {
        hook(TOO_LARGE).start();

        assertThat(ran.get()).isSameAs(Thread.currentThread());
    }
}
