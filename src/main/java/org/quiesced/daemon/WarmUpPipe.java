// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quiesced.host.RequestPipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipes of the warm-up: its requests, and what the hook would be told. */
final class WarmUpPipe implements RequestPipe {
    /** The mark of the process that waits until the network is not needed. */
    static final String NETWORK = "2";

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final CountDownLatch network = new CountDownLatch(1);
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /**
     * Waits for the last answer to a hook. Returns whether it comes in time, for the daemon is to start all the same.
     */
    boolean awaitEnd() throws InterruptedException {
        String answer = answers.poll(WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS);
        while (answer != null && !answer.startsWith("1 end ")) {
            answer = answers.poll(WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS);
        }
        return answer != null;
    }

    /** Puts a request before the daemon. */
    void request(String line) {
        requests.add(line);
    }

    @Override
    public String read() {
        return requests.remove();
    }

    @Override
    public void answer(String line) {
        answers.add(line);
    }

    @Override
    public void begun(String mark) {
        if (mark.equals(NETWORK)) {
            network.countDown();
        }
    }

    /** Waits until that process is let go, but not for long. */
    void awaitNetwork() throws InterruptedException {
        if (!network.await(WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debug("the warm-up has not left the network in time");
        }
    }

    @Override
    public void close() {}
}
