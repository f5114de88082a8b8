// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookTalk;
import org.quiesced.hook.HostServices;
import org.quiesced.hook.Progress;
import org.quiesced.host.Surroundings.Life;
import org.quiesced.kernel.Kernel;
import org.quiesced.log.Logging;
import org.quiesced.plan.DiskLook;
import org.quiesced.plan.EarlyRule;
import org.quiesced.report.EventMessages;
import org.quiesced.report.EventMessages.Message;
import org.quiesced.report.EventMessages.Severity;
import org.quiesced.run.Beginning;
import org.quiesced.run.Event;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.work.WorkerSource;

/**
 * Carries the standing plan out when it is asked to. Its threads, one that runs and one that tells the hook how far it is, are there from the
 * beginning: when a shutdown comes nothing has to be made for it but the workers.
 */
final class Shutdowns {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final PlanSource source;
    private final Logging.ShutdownLog log;
    private final EventStream events;
    private final HostServices host;
    private final ShutdownWatch watch;
    private final HookTalk talk;
    private final Evidence evidence = new Evidence(System::nanoTime);
    private final WorkQueue work = new WorkQueue();
    private final Object lock = new Object();
    private final WatchdogSwitch watchdog;
    private final LeftDisks leftDisks;

    private Current current;
    private Run last;
    /** The current run was cancelled, or the plan has not been made anew since. */
    private boolean undoing;
    /** What was asked for meanwhile. */
    private Optional<NextShutdown> next = Optional.empty();

    /**
     * Makes it, without threads yet.
     *
     * @param source what is to be carried out, at the time when it is asked for
     * @param events is told of each event of a run, and of its end
     * @param watch is told how a shutdown goes on
     */
    Shutdowns(
            Kernel kernel,
            WorkerSource workers,
            PlanSource source,
            Logging.ShutdownLog log,
            EventStream events,
            HostServices host,
            ShutdownWatch watch) {
        this.kernel = kernel;
        this.workers = workers;
        this.source = source;
        this.log = log;
        this.events = events;
        this.host = host;
        this.watch = watch;
        this.talk = new HookTalk(host, log, kernel.drivers()::isBound);
        this.leftDisks = new LeftDisks(kernel, workers, log);
        this.watchdog = new WatchdogSwitch(host.manager(), this::isInFlight);
    }

    /** Starts the threads. */
    void start(Threads threads) {
        threads.start("run", work::serve);
        threads.start("progress", talk::serve);
        threads.start("console", talk::showLines);
    }

    /** Returns whether a run is under way. */
    boolean isActive() {
        synchronized (lock) {
            return current != null;
        }
    }

    /** Returns whether a run is under way, or what it has begun has not ended. */
    boolean isInFlight() {
        synchronized (lock) {
            return current != null
                    || next.isPresent()
                    || last != null && !last.unfinished().isEmpty();
        }
    }

    /** Hears that a shutdown begins: before anything is unmounted it looks who uses the disks. */
    void stopping(Verb verb) {
        Snapshot now = source.standing();
        watch.stopping(verb, now);
        evidence.begin(now.used(), DiskLook.usedOf(now.ready().plan(), kernel.claims()));
        FirstUse.begin(now.ready().plan(), kernel, workers);
    }

    /** Begins the early phase, unless a run is under way. While a cancelled one is undone it is begun after that. */
    void early(Verb verb) {
        synchronized (lock) {
            if (undoing) {
                next = next.or(() -> Optional.of(NextShutdown.early(verb)));
                last.hurry();
            } else if (current == null) {
                beginEarly(verb, source.standing(), new Progress(verb));
            }
        }
        watchdog.tell();
    }

    private void beginEarly(Verb verb, Snapshot now, Progress progress) {
        EarlyRule rule = new EarlyRule(now.config().early(), verb, evidence.hadUser(now.used()));
        begin(now, verb, progress, () -> {}, listener -> Run.early(now.ready(), verb, kernel, workers, rule, listener));
        watch.early(verb, now, current.run());
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
        boolean stopsAreLeft = leftDisks.areDue(verb);
        // This hook waits for these stops, so the run must not wait for the next hook.
        boolean followed = isFollowed && !stopsAreLeft;
        Runnable join = () -> {};
        synchronized (lock) {
            Snapshot now = source.standing();
            Optional<Life> life = host.surroundings().process(hook.mark());
            Duration spent = life.map(Life::age).orElse(Duration.ZERO);
            Duration deadline = host.hookLimit().deadline(now.config().deadline(), spent);
            // The kernel does not wait for these stops.
            HookTalk.End end =
                    stopsAreLeft ? HookTalk.End.WITH_THE_RUN : HookEnd.of(now.config(), now.ready(), verb, followed);
            if (undoing) {
                NextShutdown late = NextShutdown.late(verb, deadline, followed);
                next = Optional.of(late);
                last.hurry();
                talk.add(hook, life, late.progress(), () -> abandon(late), end);
                return;
            }
            if (current == null) {
                beginLate(verb, now, new Progress(verb), deadline, followed);
            } else {
                current.progress().late(verb, followed);
                Run run = current.run();
                if (stopsAreLeft) {
                    join = leftDisks.stopAndThen(verb, deadline, left -> run.late(verb, left, followed));
                } else {
                    run.late(verb, deadline, followed);
                }
                watch.late(verb, now, run);
            }
            talk.add(hook, life, current.progress(), current.run()::abandon, end);
        }
        join.run();
    }

    /** Lets a run that waits for an exitrd go over to that: the root file system is unmounted. Its hook comes later. */
    void exitrd(Verb verb) {
        synchronized (lock) {
            if (current != null && !undoing) {
                Duration configured = source.standing().config().deadline();
                current.run().late(verb, host.hookLimit().deadline(configured, Duration.ZERO), true);
            }
        }
    }

    private void beginLate(Verb verb, Snapshot now, Progress progress, Duration deadline, boolean followed) {
        progress.late(verb, followed);
        Beginning beginning = Beginning.late(deadline, followed);
        Runnable before = leftDisks.stopAndThen(verb, deadline, left -> {});
        begin(
                now,
                verb,
                progress,
                before,
                listener -> new Run(now.ready(), verb, kernel, workers, beginning, listener));
        watch.late(verb, now, current.run());
    }

    /** Brings back what went down: the shutdown was cancelled. The next one begins anew. */
    void cancel() {
        synchronized (lock) {
            evidence.cancelled(source.standing().used());
            next = next.filter(late -> late.deadline().isPresent());
            if (current != null) {
                undoing = true;
                current.run().cancel();
            }
        }
    }

    /** The hook that asked is gone: nothing is begun for it. */
    private void abandon(NextShutdown late) {
        synchronized (lock) {
            if (next.equals(Optional.of(late))) {
                next = Optional.empty();
                late.progress().end();
            } else if (current != null && current.progress() == late.progress()) {
                current.run().abandon();
            }
        }
    }

    private void begin(
            Snapshot now, Verb verb, Progress progress, Runnable before, Function<Consumer<Event>, Run> maker) {
        log.begin();
        progress.begin(now.ready());
        EventMessages words = new EventMessages(now.ready().plan(), Severity.INFO);
        Run run = maker.apply(event -> {
            progress.accept(event);
            words.of(event).ifPresent(log::say);
            events.tell(event);
        });
        current = new Current(run, progress);
        last = run;
        work.add(() -> {
            log.say(new Message(Severity.INFO, verb.word() + ": the drives go down"));
            before.run();
            Timeline timeline = run.execute();
            Message end = words.end(timeline);
            log.say(end);
            events.end(timeline.took().toNanos(), end.text());
            log.drain();
            end(progress);
            watch.ended(run, timeline);
            beginNext();
        });
    }

    private void end(Progress progress) {
        synchronized (lock) {
            current = null;
            if (!undoing) {
                // After a cancelled run what has been seen since belongs to the next shutdown.
                evidence.forget();
            }
        }
        progress.end();
        watchdog.tell();
    }

    /** After a cancelled run the devices are others than those that were planned: no run begins by the plan from before it. */
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
            asked.ifPresent(shutdown -> begin(shutdown, now));
        }
        watchdog.tell();
    }

    private void begin(NextShutdown asked, Snapshot now) {
        asked.left()
                .ifPresentOrElse(
                        left -> beginLate(asked.verb(), now, asked.progress(), left, asked.followed()),
                        () -> beginEarly(asked.verb(), now, asked.progress()));
    }

    /** Says again what the service manager may not have heard; to be called with each sign of life. */
    void remindManager() {
        watchdog.remind();
    }

    /** Ends the threads, once what they are doing is done. */
    void stop() throws InterruptedException {
        work.end();
        talk.stop();
    }
}
