// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.quiesced.config.Config;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Verb;
import org.quiesced.plan.DiskLook;
import org.quiesced.plan.EarlyRule;
import org.quiesced.report.EventWords;
import org.quiesced.report.EventWords.Sentence;
import org.quiesced.report.EventWords.Weight;
import org.quiesced.run.Event;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;

/**
 * Carries the standing plan out when it is asked to. Its threads, one that runs and one that tells the hook how far it is, are there from the
 * beginning: when a shutdown comes nothing has to be made for it but the workers.
 */
final class Shutdowns {
    private static final Runnable END = () -> {};

    private final Kernel kernel;
    private final Supplier<Standing> standing;
    private final Logging.ShutdownLog log;
    private final EventStream events;
    private final Host host;
    private final ShutdownWatch watch;
    private final HookTalk talk;
    private final Evidence evidence = new Evidence(System::nanoTime);
    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Object lock = new Object();
    private final Object managerLock = new Object();
    private Current current;
    private Run last;

    /**
     * A run, and what is known of it.
     *
     * @param progress how far it is
     */
    record Current(Run run, Progress progress) {}

    /**
     * Makes it, without threads yet.
     *
     * @param standing what is to be carried out, at the time when it is asked for
     * @param events is told of each event of a run, and of its end
     * @param watch is told how a shutdown goes on
     */
    Shutdowns(
            Kernel kernel,
            Supplier<Standing> standing,
            Logging.ShutdownLog log,
            EventStream events,
            Host host,
            ShutdownWatch watch) {
        this.kernel = kernel;
        this.standing = standing;
        this.log = log;
        this.events = events;
        this.host = host;
        this.watch = watch;
        this.talk = new HookTalk(host, log);
    }

    /** Starts the threads. */
    void start(Threads threads) {
        threads.start("run", this::work);
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
            return current != null || last != null && !last.unfinished().isEmpty();
        }
    }

    /** Hears that a shutdown begins: before anything is unmounted it looks who uses the disks. */
    void stopping(Verb verb) {
        Standing now = standing.get();
        watch.stopping(verb, now);
        evidence.begin(now.used(), DiskLook.usedOf(now.ready().plan(), kernel.claims()));
        WarmUp.begin(now.ready().plan(), kernel);
    }

    /** Begins the early phase, unless a run is under way. */
    void early(Verb verb) {
        synchronized (lock) {
            if (current == null) {
                Standing now = standing.get();
                EarlyRule rule = new EarlyRule(now.config().early(), verb, evidence.hadUser(now.used()));
                begin(now, verb, listener -> Run.early(now.ready(), verb, kernel, rule, listener));
                watch.early(verb, now, current.run());
            }
        }
        tellManager();
    }

    /**
     * Begins the late phase, or lets an early run go over to it.
     *
     * @param hook who asks, and is told how far it is
     */
    void late(Verb verb, HookTalk.Hook hook) {
        synchronized (lock) {
            Config config = standing.get().config();
            Duration deadline = host.hookLimit().deadline(config.deadline());
            if (current == null) {
                Standing now = standing.get();
                begin(now, verb, listener -> new Run(now.ready(), verb, kernel, deadline, listener));
            } else {
                current.progress().late(verb);
                current.run().late(verb, deadline);
            }
            watch.late(verb, standing.get(), current.run());
            talk.add(hook, current, config.handover());
        }
    }

    /** Brings back what went down: the shutdown was cancelled. The next one begins anew. */
    void cancel() {
        evidence.forget();
        synchronized (lock) {
            if (current != null) {
                current.run().cancel();
            }
        }
    }

    private void begin(Standing now, Verb verb, Function<Consumer<Event>, Run> maker) {
        log.begin();
        Progress progress = new Progress(now.ready(), verb);
        EventWords words = new EventWords(now.ready().plan(), Weight.INFO);
        Run run = maker.apply(event -> {
            progress.accept(event);
            words.of(event).ifPresent(log::say);
            events.tell(event);
        });
        current = new Current(run, progress);
        last = run;
        work.add(() -> {
            log.say(new Sentence(Weight.INFO, verb.word() + ": the drives go down"));
            Timeline timeline = run.execute();
            Sentence end = words.end(timeline);
            log.say(end);
            events.end(timeline.took().toNanos(), end.text());
            log.drain();
            end(progress);
            watch.ended(run, timeline);
        });
    }

    private void end(Progress progress) {
        evidence.forget();
        synchronized (lock) {
            current = null;
        }
        progress.end();
        tellManager();
    }

    /**
     * Says whether the daemon may be killed for its silence. During a run it may not: a driver's wait for its drive ends with the process that began
     * it. If the shutdown was cancelled, systemd is there and watches over the daemon again; if not, nobody hears it. The state is read under the
     * lock, so that what is said last is true; no run and no hook waits for that.
     */
    private void tellManager() {
        synchronized (managerLock) {
            host.manager().watchedOver(!isActive());
        }
    }

    private void work() throws InterruptedException {
        for (Runnable next = work.take(); next != END; next = work.take()) {
            next.run();
        }
    }

    /** Ends the threads, once what they are doing is done. */
    void stop() throws InterruptedException {
        work.add(END);
        talk.stop();
    }
}
