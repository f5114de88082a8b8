// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.quiesced.work.IdleWorkers;

/**
 * Calls to the kernel that may block forever. Each runs on its own thread, and is not repeated before it has returned.
 * Thread-safe.
 *
 * @param <T> the type of the answers
 */
final class BlockingCalls<T> {
    private final Map<String, FutureTask<T>> open = new ConcurrentHashMap<>();
    private final Duration limit;

    /**
     * Creates an instance.
     *
     * @param limit how long to wait for an answer
     */
    BlockingCalls(Duration limit) {
        this.limit = limit;
    }

    /**
     * Makes a call, or waits for the same call if it is in progress. Without a thread, the caller itself makes the
     * call.
     *
     * @param about identifies the call
     * @return the answer; empty if the limit is reached
     * @throws IOException if the call fails
     */
    Optional<T> ask(String about, Callable<T> question) throws IOException {
        FutureTask<T> fresh = new FutureTask<>(question);
        FutureTask<T> asked = open.putIfAbsent(about, fresh);
        if (asked == null) {
            asked = fresh;
            start(() -> {
                fresh.run();
                open.remove(about, fresh);
            });
        }
        try {
            return Optional.of(asked.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | InterruptedException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException answer) {
                throw answer;
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void start(Runnable body) {
        try {
            Thread thread = new Thread(null, body, "question", IdleWorkers.STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError e) {
            // The JVM throws this error if the system creates no thread.
            body.run();
        }
    }
}
