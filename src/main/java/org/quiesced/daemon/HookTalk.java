// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.quiesced.daemon.Progress.Stage;
import org.quiesced.kernel.RequestPipe;
import org.quiesced.kernel.Surroundings.Life;
import org.quiesced.report.EventWords.Sentence;
import org.quiesced.report.EventWords.Weight;

/**
 * Tells the hook that waits how far its run is, and notices when it waits no more. No lock is held while anything is said, and neither the pipe nor
 * the console keeps it waiting.
 */
final class HookTalk {
    /** Longest time between two answers to the hook, which takes a daemon that says nothing for 3 s for silent. */
    static final Duration HEARTBEAT = Duration.ofMillis(500);

    /** Least time between two lines on the console. */
    private static final Duration CONSOLE = Duration.ofSeconds(1);

    /** What the console does not take in time is not worth keeping. */
    private static final int LINES = 1;

    private static final String NO_MORE = "";

    private final Host host;
    private final Logging.ShutdownLog log;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES);

    /**
     * A hook that has asked.
     *
     * @param pipe takes the answers
     * @param mark the word that each answer begins with: the hook's process number
     */
    record Hook(RequestPipe pipe, String mark) {
        void tell(String words) {
            pipe.answer(mark + " " + words);
        }
    }

    /**
     * A hook that waits for a run.
     *
     * @param abandon is called when the hook waits no more
     */
    private record Waiting(Hook hook, Progress progress, Runnable abandon, boolean handover) {}

    HookTalk(Host host, Logging.ShutdownLog log) {
        this.host = host;
        this.log = log;
    }

    /**
     * Adds a hook that waits for a run from now on.
     *
     * @param progress how far the run is, which may not have begun
     * @param abandon is called when the hook waits no more
     * @param handover whether the hook may leave to the kernel what it waits for
     */
    void add(Hook hook, Progress progress, Runnable abandon, boolean handover) {
        waiting.add(new Waiting(hook, progress, abandon, handover));
    }

    /** Serves one hook after the other, until {@link #stop}. */
    void serve() throws InterruptedException {
        for (Waiting next = waiting.take(); next.hook() != null; next = waiting.take()) {
            serve(next);
        }
    }

    /** Shows lines on the console, until {@link #stop}; on a thread of its own, for a driver may make even an open(2) wait. */
    void showLines() throws InterruptedException {
        for (String line = lines.take(); !line.equals(NO_MORE); line = lines.take()) {
            host.console().show(line);
        }
    }

    /** Ends the threads, once what they are doing is done. */
    void stop() throws InterruptedException {
        waiting.add(new Waiting(null, null, null, false));
        lines.put(NO_MORE);
    }

    /** Says first that the run has begun, when the first device is on its way or a heartbeat has passed, and then how far it is. */
    private void serve(Waiting waits) throws InterruptedException {
        Progress progress = waits.progress();
        Hook hook = waits.hook();
        progress.awaitAfter(Stage.BEGINNING, HEARTBEAT);
        hook.pipe().begun(hook.mark());
        Optional<Life> life = host.surroundings().process(hook.mark());
        // Nothing is shown of what is over at once.
        long shown = System.nanoTime();
        for (Stage stage = progress.stage(); stage != Stage.ENDED; stage = progress.stage()) {
            if (waits.handover() && stage == Stage.WITH_THE_KERNEL) {
                hook.tell("handover " + progress.line());
                return;
            }
            if (life.isEmpty() || !life.get().lasts()) {
                waits.abandon().run();
                log.say(new Sentence(Weight.WARNING, "the hook has ended; what has not begun is left to the kernel"));
                return;
            }
            hook.tell("progress " + progress.line());
            if (System.nanoTime() - shown >= CONSOLE.toNanos()) {
                shown = System.nanoTime();
                lines.offer("quiesced: " + progress.line());
            }
            progress.awaitAfter(stage, HEARTBEAT);
        }
        hook.tell("end " + progress.line());
    }
}
