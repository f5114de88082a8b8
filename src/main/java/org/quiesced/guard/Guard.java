// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.quiesced.host.SystemManager;
import org.quiesced.host.SystemManager.State;
import org.quiesced.log.Logging;
import org.quiesced.report.Cancellation;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Supervises each shutdown with two threads: the {@link LastResort} ends a shutdown that hangs, and the
 * {@link CancelWatch} detects a cancelled one. After a cancelled shutdown the run is undone: the drivers are bound
 * again, the log goes to the journal, a new plan is made, and the units are started again, so that the next shutdown
 * has an early phase.
 */
public final class Guard implements ShutdownWatch, CancelWatch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /**
     * The units that a shutdown stops. They are started again after a cancelled one, because their stop announces the
     * next.
     */
    private static final List<String> UNITS = List.of(
            "quiesced-stopping.service",
            "quiesced-network.service",
            "quiesced-early.service",
            "quiesced-exitrd.service",
            "quiesced-release.service",
            "quiesced-record.service");

    /**
     * Number of times that systemd-shutdown(8) waits for processes before it unmounts: it sends SIGTERM and then
     * SIGKILL, and waits each time for {@code DefaultTimeoutStopSec=}, which systemd passes to it ({@code main} in
     * {@code src/shutdown/shutdown.c} of systemd).
     */
    private static final int KILLINGS = 2;

    private final LastResort lastResort;
    private final Supplier<Duration> killing;
    private final CancelWatch cancelWatch;
    private final SystemManager manager;
    private final Logging.ShutdownLog log;
    private final Consumer<Cancellation> aftermath;
    private volatile Runnable canceller = () -> {};
    private Optional<Shutdown> shutdown = Optional.empty();
    private Optional<Shutdown> cancelled = Optional.empty();

    /**
     * A requested shutdown.
     *
     * @param at time of the request, in seconds since the epoch
     * @param run its run; empty if none was begun
     */
    private record Shutdown(long at, Verb verb, Snapshot snapshot, Optional<Run> run) {}

    /**
     * Creates the guard without starting threads.
     *
     * @param atTheEnd whether systemd-shutdown(8) has taken over
     * @param killTimeout how long it waits for processes after each signal; empty if unknown
     * @param aftermath receives each cancelled shutdown after it is undone, which has changed the device tree
     */
    public Guard(
            ForcedEnd end,
            SystemManager manager,
            BooleanSupplier atTheEnd,
            Supplier<Optional<Duration>> killTimeout,
            Logging.ShutdownLog log,
            Consumer<Cancellation> aftermath) {
        this(end, manager, atTheEnd, log, aftermath, INTERVAL, () -> killing(killTimeout.get()));
    }

    /**
     * Creates the guard with other times.
     *
     * @param interval time between two checks
     * @param killing how long systemd-shutdown(8) may take before it unmounts
     */
    public Guard(
            ForcedEnd end,
            SystemManager manager,
            BooleanSupplier atTheEnd,
            Logging.ShutdownLog log,
            Consumer<Cancellation> aftermath,
            Duration interval,
            Supplier<Duration> killing) {
        this.lastResort = new LastResort(end, () -> !atTheEnd.getAsBoolean() && manager.state() == State.UP, interval);
        this.cancelWatch = new CancelWatch(manager, atTheEnd, interval, this);
        this.killing = killing;
        this.manager = manager;
        this.log = log;
        this.aftermath = aftermath;
    }

    /**
     * Returns how long systemd-shutdown(8) may take before it unmounts.
     *
     * @param timeout how long it waits after each signal; empty if unknown
     */
    public static Duration killing(Optional<Duration> timeout) {
        return timeout.orElse(SystemManager.DEFAULT_TIMEOUT).multipliedBy(KILLINGS);
    }

    /**
     * Starts the threads, and queries the system manager once, so that the code for that is loaded.
     *
     * @param cancel cancels the run of a shutdown, if there is one; its end is reported to {@link #ended}
     */
    public void start(Threads threads, Runnable cancel) {
        LOG.debug("the system manager's state is {}", manager.state());
        this.canceller = cancel;
        threads.start("last-resort", lastResort::serve);
        threads.start("cancel-watch", cancelWatch::serve);
    }

    @Override
    public synchronized void stopping(Verb verb, Snapshot snapshot) {
        begin(verb, snapshot, Optional.empty());
        lastResort.begin(verb, snapshot.config(), snapshot.ready().plan());
        cancelWatch.begin();
    }

    @Override
    public synchronized void early(Verb verb, Snapshot snapshot, Run run) {
        begin(verb, snapshot, Optional.of(run));
        lastResort.begin(verb, snapshot.config(), snapshot.ready().plan());
        lastResort.watch(snapshot.ready().plan(), run::delayingWalk, run::isAtWork);
        cancelWatch.begin();
    }

    @Override
    public synchronized void late(Verb verb, Snapshot snapshot, Run run) {
        cancelWatch.end();
        if (shutdown.flatMap(Shutdown::run).filter(early -> early == run).isEmpty()) {
            lastResort.watch(snapshot.ready().plan(), run::delayingWalk, run::isAtWork);
        }
        begin(verb, snapshot, Optional.of(run));
        lastResort.late(verb, snapshot.config(), snapshot.ready().plan());
    }

    private void begin(Verb verb, Snapshot snapshot, Optional<Run> run) {
        long at = shutdown.map(Shutdown::at).orElseGet(() -> System.currentTimeMillis() / 1_000);
        Optional<Run> known = run.isPresent() ? run : shutdown.flatMap(Shutdown::run);
        shutdown = Optional.of(new Shutdown(at, verb, snapshot, known));
    }

    /**
     * Arms the last resort with a delay. Until the hook comes, systemd-shutdown(8) may be ending processes and file
     * systems may be mounted; nothing is forced in that time.
     */
    @Override
    public synchronized void irrevocable() {
        shutdown.ifPresent(now -> lastResort.late(
                now.verb(), now.snapshot().config(), now.snapshot().ready().plan(), killing.get()));
    }

    @Override
    public void cancelled() {
        Optional<Shutdown> over;
        synchronized (this) {
            lastResort.cancel();
            over = shutdown;
            // A shutdown that is cancelled while an earlier one is being undone has no run; the earlier one is still to
            // be reported.
            cancelled = over.filter(now -> now.run().isPresent()).or(() -> cancelled);
            shutdown = Optional.empty();
        }
        canceller.run();
        over.filter(now -> now.run().isEmpty()).ifPresent(now -> tell(Cancellation.of(now.at())));
        makeReady();
    }

    private void makeReady() {
        for (String unit : UNITS) {
            try {
                manager.start(unit);
            } catch (IOException e) {
                LOG.warn("the next shutdown may have no early phase: {}: {}", unit, e.getMessage());
            }
        }
    }

    @Override
    public void ended(Run run, Timeline timeline) {
        Optional<Shutdown> over;
        synchronized (this) {
            over = cancelled.filter(was -> was.run().orElseThrow() == run);
            cancelled = over.isPresent() ? Optional.empty() : cancelled;
        }
        if (over.isPresent()) {
            log.end();
            tell(Cancellation.of(over.get().at(), timeline));
        }
    }

    private void tell(Cancellation over) {
        LOG.info("{}", over.describe());
        aftermath.accept(over);
    }
}
