// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A process waits for its end hooks, even for a hook whose thread cannot be started. */
class EndHookTest {
    /** Exceeds any address space. */
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
