// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quiesced.host.RequestPipe;

/** A pipe whose requests the test writes, and which records what the daemon answers. */
final class QueuedRequests implements RequestPipe {
    final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> begun = new LinkedBlockingQueue<>();
    volatile Runnable onAnswer = () -> {};

    @Override
    public String read() throws IOException {
        try {
            return requests.take();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void answer(String line) {
        onAnswer.run();
        answers.add(line);
    }

    @Override
    public void begun(String mark) {
        begun.add(mark);
    }

    @Override
    public void close() {}

    /** Waits until the work for a process has begun. */
    void awaitBegun(String mark) throws InterruptedException {
        assertThat(begun.poll(Awaiting.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(mark);
    }

    List<String> untilEnd() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        do {
            String line = answers.poll(Awaiting.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(line).as("after " + lines).isNotNull();
            lines.add(line);
        } while (!lines.get(lines.size() - 1).matches("\\S+ (end|handover) .*"));
        return lines;
    }
}
