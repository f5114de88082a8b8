// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

/**
 * An action to execute before SIGHUP, SIGINT or SIGTERM ends the process. Java then runs its shutdown hooks on their
 * own threads, while all other threads continue; the process ends when the hooks have returned, with 128 plus the
 * signal number as its exit status. A signal that was ignored when the process started remains ignored
 * ({@code trap '' HUP} of a shell). {@link Runtime#halt} runs no hooks.
 *
 * <p>If the thread of a hook cannot be started, the action is executed on the calling thread, because Java would not
 * wait for it otherwise.
 */
public final class EndHook extends Thread {
    EndHook(Runnable action, long stackBytes) {
        super(null, action, "end", stackBytes);
    }

    /**
     * Installs an action to execute before a signal ends the process, which continues until the action has returned.
     */
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
