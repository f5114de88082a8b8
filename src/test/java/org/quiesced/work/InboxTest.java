// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InboxTest {
    private final Inbox<String> inbox = new Inbox<>();

    @Test
    void itemsAreTakenInOrder() throws InterruptedException {
        inbox.add("a");
        inbox.add("b");

        assertThat(inbox.take()).contains("a");
        assertThat(inbox.take()).contains("b");
    }

    @Test
    void itemsAddedBeforeTheCloseAreTaken() throws InterruptedException {
        inbox.add("before");
        inbox.close();
        inbox.add("after");

        assertThat(inbox.take()).contains("before");
        assertThat(inbox.take()).isEmpty();
        assertThat(inbox.take()).as("it stays closed").isEmpty();
    }

    @Test
    void fullInboxDropsItems() throws InterruptedException {
        Inbox<String> small = new Inbox<>(1);
        small.add("first");
        small.add("dropped");
        assertThat(small.take()).contains("first");
        small.add("next");
        small.close();

        assertThat(small.take()).contains("next");
        assertThat(small.take()).isEmpty();
    }

    private BlockingQueue<Optional<String>> takenByAThreadThatWaits() throws InterruptedException {
        BlockingQueue<Optional<String>> taken = new ArrayBlockingQueue<>(1);
        Thread reader = new Thread(() -> {
            try {
                taken.add(inbox.take());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        while (reader.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        return taken;
    }

    @Test
    void itemWakesAWaitingThread() throws InterruptedException {
        BlockingQueue<Optional<String>> taken = takenByAThreadThatWaits();
        inbox.add("it");

        assertThat(taken.take()).contains("it");
    }

    @Test
    void closeWakesAWaitingThread() throws InterruptedException {
        BlockingQueue<Optional<String>> taken = takenByAThreadThatWaits();
        inbox.close();

        assertThat(taken.take()).isEmpty();
    }
}
