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
import org.quiesced.host.SystemState.HostProcess;
import org.quiesced.kernel.Kernel;
import org.quiesced.plan.UsedDisks;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.work.Inbox;
import org.quiesced.work.WorkerSource;

/**
 * Executes the prepared plan when a shutdown asks for it: begins runs, lets them go over to the next phase, and undoes
 * those of a cancelled shutdown. Any thread may call it. The threads "run", "progress" and "console" are started
 * beforehand, so that a shutdown needs no new threads but workers.
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
    /** The run that has begun last, which may have ended. */
    private Optional<Run> last = Optional.empty();
    /** The current run was cancelled, or the plan has not been made anew since. */
    private boolean undoing;
    /** What was asked for meanwhile. */
    private Optional<NextShutdown> next = Optional.empty();

    /**
     * Creates it, without threads.
     *
     * @param source what is to be executed, at the time when it is asked for
     * @param reports receive each event of a run, and its end
     * @param watch is told of each phase that begins, and of each end
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

    /** Returns whether a run is under way, or what it has begun has not ended. */
    boolean isInFlight() {
        synchronized (lock) {
            return current.isPresent()
                    || next.isPresent()
                    || last.isPresent() && !last.get().unfinished().isEmpty();
        }
    }

    /** Hears that a shutdown begins: before anything is unmounted it looks who uses the disks. */
    void stopping(Verb verb) {
        Snapshot now = source.current();
        watch.stopping(verb, now);
        usedBefore.begin(now.used(), UsedDisks.usedOf(now.ready().plan(), kernel.claims()));
        Prefetch.begin(now.ready().plan(), kernel, workers);
    }

    /**
     * Begins the early phase with the drives that need the network, unless a run is under way, or is being undone.
     *
     * @param over is called when no drive needs the network any more, by any thread
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

    /** Begins the early phase, or goes on with it. While a cancelled run is undone it is begun after that. */
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
     * Begins the late phase, or lets a run go over to it that is under way. While a cancelled run is undone it is begun
     * after that, with what is left of its time. A run goes over to it when the disks are stopped that a process has
     * left behind which has died; the hook hears meanwhile how far it is.
     *
     * <p>If an exitrd follows, the hook is let go when nothing is pending but what waits for the exitrd. Its hook asks
     * again, and the run goes over to that.
     *
     * @param hook who asks, and is told how far it is
     * @param isFollowed whether an exitrd follows
     */
    void late(Verb verb, HookTalk.Hook hook, boolean isFollowed) {
        boolean stopsAreLeft = orphanedDisks.areDue(verb);
        // This hook waits for these stops, so the run must not wait for the next hook.
        boolean followed = isFollowed && !stopsAreLeft;
        Runnable join = () -> {};
        synchronized (lock) {
            Snapshot now = source.current();
            Optional<HostProcess> life = host.systemState().process(hook.mark());
            Duration spent = life.map(HostProcess::age).orElse(Duration.ZERO);
            Duration deadline = host.hookLimit().deadline(now.config().deadline(), spent);
            // The kernel does not wait for these stops.
            HookTalk.End end =
                    stopsAreLeft ? HookTalk.End.WITH_THE_RUN : HookEnd.of(now.config(), now.ready(), verb, followed);
            if (undoing) {
                NextShutdown late = NextShutdown.late(verb, deadline, followed);
                next = Optional.of(late);
                last.ifPresent(Run::hurry);
                talk.add(hook, life, late.progress(), () -> abandon(late), end);
                return;
            }
            ReportedRun joined;
            if (current.isEmpty()) {
                joined = beginLate(verb, now, new Progress(verb), deadline, followed);
            } else {
                joined = current.get();
                joined.progress().late(verb, followed);
                Run run = joined.run();
                if (stopsAreLeft) {
                    join = orphanedDisks.stopAndThen(
                            now.ready().plan().types(), verb, deadline, left -> run.late(verb, left, followed));
                } else {
                    run.late(verb, deadline, followed);
                }
                watch.late(verb, now, run);
            }
            talk.add(hook, life, joined.progress(), joined.run()::abandon, end);
        }
        join.run();
    }

    /** Lets a run that waits for an exitrd go over to that: the root file system is unmounted. Its hook comes later. */
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

    /** Brings back what went down: the shutdown was cancelled. The next one begins anew. */
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

    /** The hook that asked is gone: nothing is begun for it. */
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
                // After a cancelled run what has been seen since belongs to the next shutdown.
                usedBefore.forget();
            }
        }
        progress.end();
        watchdog.tell();
    }

    /**
     * Begins what was asked for while a cancelled run was undone. The plan is made anew first: the devices that were
     * bound again are new ones.
     */
    private void beginNext() {
        synchronized (lock) {
            if (!undoing) {
                return;
            }
        }
        Snapshot now = source.renewed();
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

    /** Says again what the service manager may not have heard; to be called with each sign of life. */
    void remindManager() {
        watchdog.remind();
    }

    /** Ends the threads, once what they are doing is done. */
    void stop() {
        waiting.close();
        talk.stop();
    }
}
