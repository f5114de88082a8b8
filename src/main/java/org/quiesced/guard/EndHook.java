// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

/**
 * What is done before SIGHUP, SIGINT or SIGTERM ends the process. Java runs its shutdown hooks then, on threads of
 * their own; all other threads go on, and the process ends when the hooks have returned, with 128 and the signal's
 * number. A signal that the process ignores since its start stays ignored ({@code trap '' HUP} of a shell). No hook
 * runs at {@link Runtime#halt}.
 *
 * <p>A hook that cannot be started would not be waited for: it is run by the thread that starts the hooks then.
 */
public final class EndHook extends Thread {
    EndHook(Runnable action, long stackBytes) {
        super(null, action, "end", stackBytes);
    }

    /** Runs something before a signal ends the process, which goes on until it has returned. */
    public static void install(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new EndHook(action, Threads.STACK_BYTES));
    }

    @Override
    public synchronized void start() {
        try {
            super.start();
        } catch (OutOfMemoryError e) {
            run();
        }
    }
}
