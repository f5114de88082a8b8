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
import org.quiesced.plan.Plan;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.report.Cancellation;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.snapshot.SnapshotReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main loop: keeps the snapshot current, reads the configuration again when it is told to, and shows the
 * service manager that it lives. A shutdown does not pass through it, so nothing that it is busy with delays one.
 */
final class Daemon implements PlanSource {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /** Twice in the time after which we would be taken for dead, and once more for safety. */
    private static final int PINGS = 3;

    private static final Duration REFRESH_LIMIT = Duration.ofSeconds(2);

    private final SnapshotReader preparation;
    private final ConfigSource source;
    private final ServiceManager manager;
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    /** Snapshots with drives whose latency is to be asked for. */
    private final LinkedBlockingQueue<Snapshot> questions = new LinkedBlockingQueue<>();

    private volatile Snapshot current;
    /** Latencies that drives have reported and the snapshot does not have yet. */
    private Optional<ReportedLatencies> answers = Optional.empty();

    private volatile Optional<Cancellation> cancelled = Optional.empty();
    private boolean stale;
    /**
     * Made here and not at the first change of the tree, which may be one of a shutdown: no class is to be loaded then.
     */
    private final Runnable becomeStale = () -> stale = true;

    /** Callers that wait for the next look. For the main loop's thread. */
    private final List<CompletableFuture<Snapshot>> askers = new ArrayList<>();

    private final Consumer<Plan> publisher;
    private String told = "";

    /** Where the configuration comes from. */
    @FunctionalInterface
    interface ConfigSource {
        Config load() throws ConfigException;
    }

    /**
     * Makes the first plan.
     *
     * @param publisher receives the plan that users see, each time that there may be a newer one
     * @throws ConfigException if the configuration is broken
     * @throws IOException if the machine can't be read
     */
    Daemon(SnapshotReader preparation, ConfigSource source, ServiceManager manager, Consumer<Plan> publisher)
            throws ConfigException, IOException {
        this.publisher = publisher;
        this.preparation = preparation;
        this.source = source;
        this.manager = manager;
        replace(preparation.read(source.load(), ReportedLatencies.none()));
    }

    private void replace(Snapshot newer) {
        boolean changed = newer != current;
        current = newer;
        if ((changed || questions.isEmpty()) && newer.latencies().isIncompleteFor(newer.seen())) {
            questions.add(newer);
        }
    }

    /**
     * Asks drives how long they take, forever. Needs a thread of its own: a drive that does not answer keeps it for a
     * minute, and neither the plan nor a shutdown is to wait for that.
     */
    void askDrives() throws InterruptedException {
        ReportedLatencies known = ReportedLatencies.none();
        while (true) {
            List<Snapshot> waiting = new ArrayList<>(List.of(questions.take()));
            questions.drainTo(waiting);
            // Answers that came meanwhile are in none of the snapshots yet.
            ReportedLatencies renewed =
                    preparation.ask(known, waiting.get(waiting.size() - 1).seen());
            known = renewed;
            inbox.add(() -> answers = Optional.of(renewed));
        }
    }

    /** Returns the current snapshot. Any thread may ask. */
    @Override
    public Snapshot current() {
        return current;
    }

    /**
     * Plans anew, and returns what is ready then; or what is ready after two seconds, if the machine cannot be read so
     * quickly. Any thread may ask, when no shutdown is under way.
     */
    @Override
    public Snapshot renewed() {
        treeHasChanged();
        return refresh();
    }

    /**
     * Looks again who uses the disks and which devices work, for that is not announced, and returns what is ready then.
     * Any thread may ask; one that asks while a shutdown is under way, or while the machine is being read for longer
     * than two seconds, gets what is ready now.
     */
    Snapshot refresh() {
        CompletableFuture<Snapshot> done = new CompletableFuture<>();
        inbox.add(() -> askers.add(done));
        try {
            return done.get(REFRESH_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            return current;
        }
    }

    /** Returns what came of the last shutdown that was cancelled, if one was. Any thread may ask. */
    Optional<Cancellation> cancelled() {
        return cancelled;
    }

    /** Says that a shutdown was cancelled, and what came of it: the plan is made anew. Any thread may say it. */
    void shutdownWasCancelled(Cancellation what) {
        cancelled = Optional.of(what);
        treeHasChanged();
    }

    /** Reports a change of the device tree. Any thread may call it. */
    void treeHasChanged() {
        inbox.add(becomeStale);
    }

    /**
     * Asks for the configuration to be read again. Any thread may ask.
     *
     * @return completes when the new configuration is in force; with a {@link ConfigException} if it is broken, an
     *     {@link IOException} if the machine can't be read, or another exception by a defect: the old one stays then
     */
    CompletableFuture<Void> reload() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        inbox.add(() -> reload(done));
        return done;
    }

    /** Runs forever. */
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
            // The plan of a run is its own: what it takes down must not cost it time for another.
            if (!shutdowns.isActive()) {
                answers.ifPresent(times -> current = current.with(times));
                answers = Optional.empty();
                if (stale && inbox.isEmpty()) {
                    // Changes that came while a look took its time need but one more.
                    rebuild();
                } else if (next.isEmpty() || !askers.isEmpty()) {
                    replace(preparation.refresh(current));
                }
                if (next.isEmpty()) {
                    preparation.tidyUp();
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
            replace(preparation.read(current.config(), current.latencies()));
        } catch (IOException e) {
            LOG.error("{}; the plan stays as it was", e.getMessage());
        }
    }

    private void reload(CompletableFuture<Void> done) {
        manager.reloading();
        try {
            replace(preparation.read(source.load(), current.latencies()));
            log("the configuration was read again");
            done.complete(null);
        } catch (ConfigException e) {
            ConfigProblems.log(e);
            LOG.error("the new configuration is broken; the old one stays in force");
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
