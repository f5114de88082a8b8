// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Verb;
import org.quiesced.report.EventWords;
import org.quiesced.report.EventWords.Sentence;
import org.quiesced.report.EventWords.Weight;
import org.quiesced.run.Event;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;

/**
 * Carries the standing plan out when it is asked to. Its two threads, one that runs and one that tells the hook how far it is, are there from the
 * beginning: when a shutdown comes nothing has to be made for it but the workers.
 */
final class Shutdowns {
    /** The hook takes a daemon that says nothing for two seconds for hung. */
    static final Duration HEARTBEAT = Duration.ofMillis(500);

    private static final Runnable END = () -> {};

    private final Kernel kernel;
    private final Supplier<Standing> standing;
    private final Logging.ShutdownLog log;
    private final EventStream events;
    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final Object lock = new Object();
    private Current current;

    /** A run, and whoever waits for it. */
    private record Current(Run run, Progress progress) {}

    /** A hook that waits, and how to tell it something. */
    private record Waiting(Current current, Consumer<String> tell, boolean handover) {}

    /**
     * Makes it, without threads yet.
     *
     * @param standing what is to be carried out, at the time when it is asked for
     * @param events is told of each event of a run, and of its end
     */
    Shutdowns(Kernel kernel, Supplier<Standing> standing, Logging.ShutdownLog log, EventStream events) {
        this.kernel = kernel;
        this.standing = standing;
        this.log = log;
        this.events = events;
    }

    /** Starts the threads. */
    void start() {
        Threads.start("run", this::work);
        Threads.start("progress", this::tell);
    }

    /** Returns whether a run is under way. */
    boolean isActive() {
        synchronized (lock) {
            return current != null;
        }
    }

    /** Begins the early phase, unless a run is under way. */
    void early(Verb verb) {
        synchronized (lock) {
            if (current == null) {
                Standing now = standing.get();
                begin(
                        now,
                        verb,
                        listener -> Run.early(now.ready(), verb, kernel, target -> Optional.empty(), listener));
            }
        }
    }

    /**
     * Begins the late phase, or lets an early run go over to it.
     *
     * @param tell takes the lines for the hook: {@code progress WORDS} now and then, and at last {@code handover WORDS} or {@code end WORDS}
     */
    void late(Verb verb, Consumer<String> tell) {
        synchronized (lock) {
            Standing now = standing.get();
            Duration deadline = now.config().deadline();
            if (current == null) {
                begin(now, verb, listener -> new Run(now.ready(), verb, kernel, deadline, listener));
            } else {
                current.run().late(verb, deadline);
            }
            waiting.add(new Waiting(current, tell, now.config().handover()));
        }
    }

    private void begin(Standing now, Verb verb, Function<Consumer<Event>, Run> maker) {
        log.begin();
        Progress progress = new Progress(now.ready().devices());
        EventWords words = new EventWords(now.ready().plan(), Weight.INFO);
        Run run = maker.apply(event -> {
            progress.accept(event);
            words.of(event).ifPresent(log::say);
            events.tell(event);
        });
        current = new Current(run, progress);
        work.add(() -> {
            log.say(new Sentence(Weight.INFO, verb.word() + ": the drives go down"));
            Timeline timeline = run.execute();
            Sentence end = words.end(timeline);
            log.say(end);
            events.end(timeline.took().toNanos(), end.text());
            log.drain();
            synchronized (lock) {
                current = null;
                lock.notifyAll();
            }
        });
    }

    private void work() throws InterruptedException {
        for (Runnable next = work.take(); next != END; next = work.take()) {
            next.run();
        }
    }

    private void tell() throws InterruptedException {
        for (Waiting next = waiting.take(); next.current() != null; next = waiting.take()) {
            tell(next);
        }
    }

    /** Ends the threads, once what they are doing is done. */
    void stop() {
        work.add(END);
        waiting.add(new Waiting(null, line -> {}, false));
    }

    private void tell(Waiting hook) throws InterruptedException {
        Progress progress = hook.current().progress();
        synchronized (lock) {
            while (current == hook.current()) {
                if (hook.handover() && progress.nothingIsPending()) {
                    hook.tell().accept("handover " + progress.line());
                    return;
                }
                hook.tell().accept("progress " + progress.line());
                lock.wait(hook.handover() ? HEARTBEAT.toMillis() / 10 : HEARTBEAT.toMillis());
            }
        }
        hook.tell().accept("end " + progress.line());
    }
}
