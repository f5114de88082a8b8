// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.host.ServiceManager;
import org.quiesced.log.ConfigProblems;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.Cancellation;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.snapshot.SnapshotReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main loop of the daemon: keeps the {@link Snapshot} current, reloads the configuration on request, and sends the
 * keep-alive messages of the service manager's watchdog. Shutdowns run on other threads and are not delayed by it.
 */
final class Daemon implements PlanSource {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /** Keep-alive messages per watchdog period. sd_watchdog_enabled(3) recommends two; the third allows for a delay. */
    private static final int PINGS = 3;

    private final SnapshotReader reader;
    private final ConfigSource source;
    private final ServiceManager manager;
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    /** Snapshots with drives whose shutdown latency is unknown and is to be read. */
    private final LinkedBlockingQueue<Snapshot> questions = new LinkedBlockingQueue<>();

    private volatile Snapshot current;
    /** Latencies that drives have reported and that are not in the snapshot yet. */
    private Optional<KnownLatencies> answers = Optional.empty();

    private volatile Optional<Cancellation> cancelled = Optional.empty();
    private boolean stale;
    /**
     * Created in advance: the first change of the tree may belong to a shutdown, during which no class should be
     * loaded.
     */
    private final Runnable becomeStale = () -> stale = true;

    /** Callers of {@link #refresh} that wait for its result. For the main loop's thread. */
    private final List<CompletableFuture<Snapshot>> askers = new ArrayList<>();

    private final Consumer<Plan> publisher;
    private String told = "";

    /** Loads the configuration. */
    @FunctionalInterface
    interface ConfigSource {
        Config load() throws ConfigException;
    }

    /**
     * Reads the configuration and the machine, and makes the first plan.
     *
     * @param publisher receives the plan that users see whenever it may have changed
     * @throws ConfigException if the configuration is invalid
     * @throws IOException if the device tree cannot be read
     */
    Daemon(SnapshotReader reader, ConfigSource source, ServiceManager manager, Consumer<Plan> publisher)
            throws ConfigException, IOException {
        this.publisher = publisher;
        this.reader = reader;
        this.source = source;
        this.manager = manager;
        replace(reader.read(source.load(), KnownLatencies.none()));
    }

    private void replace(Snapshot newer) {
        boolean changed = newer != current;
        current = newer;
        if ((changed || questions.isEmpty()) && newer.latencies().isIncompleteFor(newer.seen())) {
            questions.add(newer);
        }
    }

    /**
     * Reads the shutdown latencies of drives, forever. Needs its own thread, because a drive that does not answer
     * blocks it for a minute.
     */
    void askDrives() throws InterruptedException {
        KnownLatencies known = KnownLatencies.none();
        while (true) {
            List<Snapshot> waiting = new ArrayList<>(List.of(questions.take()));
            questions.drainTo(waiting);
            // A snapshot does not contain the latencies that were read after it was made.
            KnownLatencies renewed =
                    reader.ask(known, waiting.get(waiting.size() - 1).seen());
            known = renewed;
            inbox.add(() -> answers = Optional.of(renewed));
        }
    }

    /** Returns the current snapshot. Any thread may call this. */
    @Override
    public Snapshot current() {
        return current;
    }

    /**
     * Rereads the device tree, plans anew, and returns the resulting snapshot, or after the limit the current one.
     * Any thread may call this while no run is under way.
     */
    @Override
    public Snapshot renewed(Duration limit) {
        treeHasChanged();
        return refresh(limit);
    }

    /**
     * Updates the users of the disks and the states of the devices, which change without an event, and returns the
     * resulting snapshot. Returns the current one after two seconds, and while a shutdown is under way. Any thread may
     * call this.
     */
    Snapshot refresh() {
        return refresh(LIMIT);
    }

    private Snapshot refresh(Duration limit) {
        CompletableFuture<Snapshot> done = new CompletableFuture<>();
        inbox.add(() -> askers.add(done));
        try {
            return done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            return current;
        }
    }

    /** Returns the outcome of the last cancelled shutdown, if there was one. Any thread may call this. */
    Optional<Cancellation> cancelled() {
        return cancelled;
    }

    /** Records that a shutdown was cancelled, and requests a new plan. Any thread may call this. */
    void shutdownWasCancelled(Cancellation what) {
        cancelled = Optional.of(what);
        treeHasChanged();
    }

    /** Requests a new plan because the device tree has changed. Any thread may call this. */
    void treeHasChanged() {
        inbox.add(becomeStale);
    }

    /**
     * Requests a reload of the configuration. Any thread may call this.
     *
     * @return completes when the new configuration is in force. Completes exceptionally if the old one stays in force:
     *     with a {@link ConfigException} if the new one is invalid, with an {@link IOException} if the machine cannot
     *     be read, with another exception on a defect
     */
    CompletableFuture<Void> reload() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        inbox.add(() -> reload(done));
        return done;
    }

    /** Runs the main loop, forever. */
    void run(Shutdowns shutdowns) throws InterruptedException {
        manager.ready();
        tell();
        log("ready");
        Optional<Duration> ping = manager.watchdog().map(limit -> limit.dividedBy(PINGS));
        while (true) {
            Optional<Runnable> next = next(ping);
            next.ifPresent(Runnable::run);
            manager.alive();
            shutdowns.remindManager();
            // A run has its own plan; a new one would take CPU time from it, or from the kernel's walk after it.
            if (!shutdowns.isActive() && (!shutdowns.isOver() || !askers.isEmpty())) {
                answers.ifPresent(times -> current = current.with(times));
                answers = Optional.empty();
                if (stale && inbox.isEmpty()) {
                    // One rebuild covers all changes that arrived during the last one.
                    rebuild();
                } else if (next.isEmpty() || !askers.isEmpty()) {
                    replace(reader.refresh(current));
                }
                if (next.isEmpty()) {
                    reader.tidyUp();
                }
                tell();
            }
            if (!stale || shutdowns.isActive()) {
                askers.forEach(asker -> asker.complete(current));
                askers.clear();
            }
        }
    }

    private Optional<Runnable> next(Optional<Duration> ping) throws InterruptedException {
        return ping.isPresent()
                ? Optional.ofNullable(inbox.poll(ping.get().toNanos(), TimeUnit.NANOSECONDS))
                : Optional.of(inbox.take());
    }

    private void rebuild() {
        stale = false;
        try {
            replace(reader.read(current.config(), current.latencies()));
        } catch (IOException e) {
            LOG.error("{}; the plan stays as it was", e.getMessage());
        }
    }

    private void reload(CompletableFuture<Void> done) {
        manager.reloading();
        try {
            replace(reader.read(source.load(), current.latencies()));
            log("the configuration was read again");
            done.complete(null);
        } catch (ConfigException e) {
            ConfigProblems.log(e);
            LOG.error("the new configuration is invalid; the old one stays in force");
            done.completeExceptionally(e);
        } catch (IOException e) {
            LOG.error("{}; the old configuration stays in force", e.getMessage());
            done.completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("this is a defect, please report it: {}; the old configuration stays in force", e.toString());
            done.completeExceptionally(e);
        }
        manager.ready();
    }

    private void log(String what) {
        String summary = current.summary();
        LOG.atInfo().addKeyValue("plan", summary).log("{}: {}", what, summary);
    }

    private void tell() {
        publisher.accept(current.seen());
        String summary = current.summary()
                + cancelled.map(what -> "; " + what.describe()).orElse("");
        if (!summary.equals(told)) {
            manager.status(summary);
            told = summary;
        }
    }
}
