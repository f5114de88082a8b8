// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookTalk;
import org.quiesced.hook.HostServices;
import org.quiesced.hook.Progress;
import org.quiesced.kernel.Kernel;
import org.quiesced.plan.UsedDisks;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.work.Inbox;
import org.quiesced.work.WorkerSource;

/**
 * Begins the runs of a shutdown, moves them to the next phase, and undoes those of a cancelled shutdown. Safe for use
 * by several threads. Its threads "run", "progress" and "console" are started in advance, and workers by a run.
 */
final class Shutdowns {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final PlanSource source;
    private final HostServices host;
    private final ShutdownWatch watch;
    private final HookTalk talk;
    private final UsedBeforeShutdown usedBefore = new UsedBeforeShutdown(System::nanoTime);
    private final Inbox<ReportedRun> waiting = new Inbox<>();
    private final Object lock = new Object();
    private final WatchdogSwitch watchdog;
    private final OrphanedDisks orphanedDisks;
    private final RunFactory runs;

    /** The run that is under way. */
    private Optional<ReportedRun> current = Optional.empty();
    /** The latest run, which may have ended. */
    private Optional<Run> last = Optional.empty();
    /** Whether the current run was cancelled, until a new plan is made. */
    private boolean undoing;
    /** Whether a late phase was requested. */
    private boolean lateRequested;
    /** The shutdown that was requested meanwhile. */
    private Optional<NextShutdown> next = Optional.empty();

    /**
     * Creates an instance without starting threads.
     *
     * @param source returns the snapshot to be executed when a shutdown is requested
     * @param reports the receivers of the events and the ends of the runs
     * @param watch receives the beginning of each phase and the end of each run
     */
    Shutdowns(
            Kernel kernel,
            WorkerSource workers,
            PlanSource source,
            Reports reports,
            HostServices host,
            ShutdownWatch watch) {
        this.kernel = kernel;
        this.workers = workers;
        this.source = source;
        this.host = host;
        this.watch = watch;
        this.talk = new HookTalk(host, reports.log(), kernel.drivers()::isBound, reports::carryRecord);
        this.orphanedDisks = new OrphanedDisks(kernel, workers, reports.log());
        this.runs = new RunFactory(kernel, workers, reports, orphanedDisks);
        this.watchdog = new WatchdogSwitch(host.manager(), this::isInFlight);
    }

    /** Starts the threads. */
    void start(Threads threads) {
        threads.start("run", this::serve);
        threads.start("progress", talk::serve);
        threads.start("console", talk::showLines);
    }

    /** Returns whether a run is under way. */
    boolean isActive() {
        synchronized (lock) {
            return current.isPresent();
        }
    }

    /** Returns whether a run is under way, or a change that it began has not ended. */
    boolean isInFlight() {
        synchronized (lock) {
            return current.isPresent()
                    || next.isPresent()
                    || last.isPresent() && !last.get().unfinished().isEmpty();
        }
    }

    /**
     * Returns whether a late phase was requested and no run is under way, before the kernel's walk or an exitrd. What
     * the run has changed in the tree then needs no new plan, unless another request comes.
     */
    boolean isOver() {
        synchronized (lock) {
            return lateRequested && current.isEmpty() && host.systemState().isFinalPhase();
        }
    }

    /** Records the users of all disks at the beginning of a shutdown, before anything is unmounted. */
    void stopping(Verb verb) {
        Snapshot now = source.current();
        watch.stopping(verb, now);
        usedBefore.begin(now.used(), UsedDisks.usedOf(now.ready().plan(), kernel.claims()));
        Prefetch.begin(now.ready().plan(), kernel, workers);
    }

    /**
     * Begins the early phase with the drives that need the network. While a run is under way or being undone, only
     * calls {@code over}.
     *
     * @param over called once no drive needs the network any more, by any thread
     */
    void network(Verb verb, Runnable over) {
        synchronized (lock) {
            Snapshot now = source.current();
            boolean busy = undoing || current.isPresent();
            NetworkWait wait = new NetworkWait(busy ? List.of() : now.ready().needingNetwork(), over);
            if (!wait.isOver()) {
                ReportedRun begun =
                        begin(runs.network(verb, now, new Progress(verb), usedBefore.rule(verb, now), wait));
                watch.early(verb, now, begun.run());
            }
        }
        watchdog.tell();
    }

    /** Begins the early phase, or continues a run with it. Queued while a cancelled run is being undone. */
    void early(Verb verb) {
        synchronized (lock) {
            if (undoing) {
                next = next.or(() -> Optional.of(NextShutdown.early(verb)));
                last.ifPresent(Run::hurry);
            } else if (current.isEmpty()) {
                beginEarly(verb, source.current(), new Progress(verb));
            } else {
                current.get().run().unmounted();
            }
        }
        watchdog.tell();
    }

    private void beginEarly(Verb verb, Snapshot now, Progress progress) {
        ReportedRun begun = begin(runs.early(verb, now, progress, usedBefore.rule(verb, now)));
        watch.early(verb, now, begun.run());
    }

    /**
     * Begins the late phase, or continues a run with it. While a cancelled run is being undone, the phase is queued,
     * and its time limit counts from this call. A run continues with it after the {@link OrphanedDisks} are stopped;
     * meanwhile the hook receives the progress.
     *
     * <p>If an exitrd follows, the hook may return as soon as nothing is pending except for devices that wait for the
     * exitrd. The hook of the exitrd sends the request again, and the run continues with that.
     *
     * @param hook receives the progress
     * @param isFollowed whether an exitrd follows
     */
    void late(Verb verb, HookTalk.Hook hook, boolean isFollowed) {
        if (isOver()) {
            source.renewed(PlanSource.LIMIT_OF_A_HOOK);
        }
        boolean stopsAreLeft = orphanedDisks.areDue(verb);
        Runnable join = () -> {};
        synchronized (lock) {
            lateRequested = true;
            Snapshot now = source.current();
            LateRequest request = LateRequest.of(verb, hook, isFollowed, stopsAreLeft, now, host, current);
            if (undoing) {
                NextShutdown late = request.next();
                next = Optional.of(late);
                last.ifPresent(Run::hurry);
                request.tell(talk, late.progress(), () -> abandon(late));
                return;
            }
            ReportedRun joined;
            if (current.isEmpty()) {
                joined = beginLate(verb, now, new Progress(verb), request.deadline(), request.followed());
            } else {
                joined = current.get();
                joined.progress().late(verb, request.followed());
                Run run = joined.run();
                join = request.goOn(run, orphanedDisks, now.ready().plan().types());
                watch.late(verb, now, run);
            }
            request.tell(talk, joined.progress(), joined.run()::abandon);
            request.avoided().ifPresent(LongUnmounting::report);
        }
        join.run();
    }

    /** Continues a run that waits for the exitrd, after the root file system is unmounted. */
    void exitrd(Verb verb) {
        synchronized (lock) {
            if (current.isPresent() && !undoing) {
                Duration configured = source.current().config().deadline();
                current.get().run().late(verb, host.hookLimit().deadline(configured, Duration.ZERO), true);
            }
        }
    }

    private ReportedRun beginLate(Verb verb, Snapshot now, Progress progress, Duration deadline, boolean followed) {
        ReportedRun begun = begin(runs.late(verb, now, progress, deadline, followed));
        watch.late(verb, now, begun.run());
        return begun;
    }

    /** Undoes the run of a cancelled shutdown: binds the drivers again. Discards an early phase that is queued. */
    void cancel() {
        synchronized (lock) {
            usedBefore.cancelled(source.current().used());
            next = next.filter(late -> late.deadline().isPresent());
            if (current.isPresent()) {
                undoing = true;
                current.get().run().cancel();
            }
        }
    }

    /** Abandons a shutdown whose hook has ended: nothing more is started for it. */
    private void abandon(NextShutdown late) {
        synchronized (lock) {
            if (next.equals(Optional.of(late))) {
                next = Optional.empty();
                late.progress().end();
            } else if (current.isPresent() && current.get().progress() == late.progress()) {
                current.get().run().abandon();
            }
        }
    }

    private ReportedRun begin(ReportedRun begun) {
        current = Optional.of(begun);
        last = Optional.of(begun.run());
        waiting.add(begun);
        return begun;
    }

    private void serve() throws InterruptedException {
        for (Optional<ReportedRun> taken = waiting.take(); taken.isPresent(); taken = waiting.take()) {
            ReportedRun begun = taken.get();
            Timeline timeline = begun.execute();
            end(begun.progress());
            watch.ended(begun.run(), timeline);
            beginNext();
        }
    }

    private void end(Progress progress) {
        synchronized (lock) {
            current = Optional.empty();
            if (!undoing) {
                // Keep what was seen since a cancelled run: it belongs to the next shutdown.
                usedBefore.forget();
            }
        }
        progress.end();
        watchdog.tell();
    }

    /** Begins the queued shutdown with a new plan: the devices that were bound again are new ones. */
    private void beginNext() {
        synchronized (lock) {
            if (!undoing) {
                return;
            }
        }
        Snapshot now = source.renewed(PlanSource.LIMIT);
        synchronized (lock) {
            undoing = false;
            Optional<NextShutdown> asked = next;
            next = Optional.empty();
            asked.ifPresent(shutdown -> shutdown.left()
                    .ifPresentOrElse(
                            left -> beginLate(shutdown.verb(), now, shutdown.progress(), left, shutdown.followed()),
                            () -> beginEarly(shutdown.verb(), now, shutdown.progress())));
        }
        watchdog.tell();
    }

    /** Repeats the state of the watchdog to the service manager; see {@link WatchdogSwitch#remind}. */
    void remindManager() {
        watchdog.remind();
    }

    /** Ends the threads after their present work. */
    void stop() {
        waiting.close();
        talk.stop();
    }
}
