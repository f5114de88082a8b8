// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Pieces of work for campaigns, of which one per processor runs at a time. Which campaign takes a piece is open. */
final class Campaigns {
    private final Consumer<Trial> witness;
    private final Queue<Consumer<Campaign>> work = new ConcurrentLinkedQueue<>();
    private final List<Campaign> done = new ArrayList<>();

    /**
     * Creates an instance without work.
     *
     * @param witness receives each trial, from any thread
     */
    Campaigns(Consumer<Trial> witness) {
        this.witness = witness;
    }

    /** Adds a piece of work, which must depend on nothing but the campaign that it is given. */
    void add(Consumer<Campaign> piece) {
        work.add(piece);
    }

    /** Does all work, and returns when it is done. Throws what a piece of work throws. */
    void run() throws InterruptedException {
        int count = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            for (Future<Campaign> campaign :
                    threads.invokeAll(Collections.nCopies(count, (Callable<Campaign>) this::one))) {
                done.add(campaign.get());
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Campaign one() {
        Campaign campaign = new Campaign(witness);
        campaign.watch();
        for (Consumer<Campaign> piece = work.poll(); piece != null; piece = work.poll()) {
            piece.accept(campaign);
        }
        return campaign;
    }

    /** Returns the number of runs. */
    int runs() {
        return done.stream().mapToInt(Campaign::runs).sum();
    }

    /** Returns the first failure of each kind that a campaign saw, with the line that replays it. */
    List<String> failures() {
        return done.stream().flatMap(campaign -> campaign.failures().stream()).toList();
    }
}
