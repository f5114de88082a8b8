// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quiesced.host.RequestPipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipe of the warm-up, in memory: takes its requests and the answers to the hook. */
final class WarmUpPipe implements RequestPipe {
    /** Mark of the caller that waits until the network is not needed. */
    static final String NETWORK = "2";

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final CountDownLatch network = new CountDownLatch(1);
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /**
     * Waits for the last answer to a hook, for {@link WarmUp#LONGEST_SILENCE} at most, so that the daemon starts in any
     * case.
     *
     * @return whether it has come
     */
    boolean awaitEnd() throws InterruptedException {
        String answer = answers.poll(WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS);
        while (answer != null && !answer.startsWith("1 end ")) {
            answer = answers.poll(WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS);
        }
        return answer != null;
    }

    /** Adds a request, which the daemon reads next. */
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

    /** Waits until the caller {@link #NETWORK} is answered, at most {@link WarmUp#LONGEST_SILENCE}. */
    void awaitNetwork() throws InterruptedException {
        if (!network.await(WarmUp.LONGEST_SILENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debug("the warm-up has not left the network in time");
        }
    }

    @Override
    public void close() {}
}
