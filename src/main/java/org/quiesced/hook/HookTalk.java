// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.hook.Progress.Stage;
import org.quiesced.host.RequestPipe;
import org.quiesced.host.SystemState.HostProcess;
import org.quiesced.log.Logging;
import org.quiesced.report.EventMessages.Message;
import org.quiesced.report.EventMessages.Severity;
import org.quiesced.work.Inbox;

/**
 * Reports the progress of a run to the hook that waits for it, and notices when the hook stops waiting. No lock is held
 * while anything is written, and neither the pipe nor the console blocks it.
 */
public final class HookTalk {
    /** Longest time between two answers to the hook, which takes a daemon that says nothing for 3 s for silent. */
    public static final Duration HEARTBEAT = Duration.ofMillis(500);

    /** A worker that is about to take a driver away needs less. */
    private static final Duration MOMENT = Duration.ofMillis(2);

    /** Least time between two lines on the console. */
    private static final Duration CONSOLE = Duration.ofSeconds(1);

    /** Lines that the console does not take in time are dropped. */
    private static final int LINES = 1;

    private final HostServices host;
    private final Logging.ShutdownLog log;
    private final Predicate<Device> isBound;
    private final Runnable afterHandover;
    private final Inbox<Waiting> waiting = new Inbox<>();
    private final Inbox<String> lines = new Inbox<>(LINES);

    /**
     * A hook that has asked.
     *
     * @param pipe takes the answers
     * @param mark the word that each answer begins with: the hook's process number
     */
    public record Hook(RequestPipe pipe, String mark) {
        public void tell(String words) {
            pipe.answer(mark + " " + words);
        }
    }

    /**
     * A hook that waits for a run.
     *
     * @param abandon is called when the hook waits no more
     * @param end when the hook may go
     */
    private record Waiting(Hook hook, Optional<HostProcess> life, Progress progress, Runnable abandon, End end) {}

    /** When a hook may go. */
    public enum End {
        /** When the run has heard the request: the hook of an exitrd waits for all of it. */
        AT_ONCE,
        /** When the kernel's own walk waits for all that is left to do. */
        WITH_THE_KERNEL,
        /** When the run has ended. */
        WITH_THE_RUN
    }

    /**
     * Makes it, without threads.
     *
     * @param isBound whether a device shows its driver at this moment
     * @param afterHandover is done when a hook has heard that the kernel waits for the rest
     */
    public HookTalk(HostServices host, Logging.ShutdownLog log, Predicate<Device> isBound, Runnable afterHandover) {
        this.host = host;
        this.log = log;
        this.isBound = isBound;
        this.afterHandover = afterHandover;
    }

    /**
     * Adds a hook that waits for a run from now on.
     *
     * @param life the hook's process; empty if it has ended
     * @param progress how far the run is, which may not have begun
     * @param abandon is called when the hook waits no more
     * @param end when the hook may go
     */
    public void add(Hook hook, Optional<HostProcess> life, Progress progress, Runnable abandon, End end) {
        waiting.add(new Waiting(hook, life, progress, abandon, end));
    }

    /** Serves one hook after the other, until {@link #stop}. */
    public void serve() throws InterruptedException {
        for (Optional<Waiting> next = waiting.take(); next.isPresent(); next = waiting.take()) {
            serve(next.get());
        }
    }

    /**
     * Shows lines on the console, until {@link #stop}; on a thread of its own, for a driver may make even an open(2)
     * wait.
     */
    public void showLines() throws InterruptedException {
        for (Optional<String> line = lines.take(); line.isPresent(); line = lines.take()) {
            host.console().show(line.get());
        }
    }

    /** Ends the threads, once what they are doing is done. */
    public void stop() {
        waiting.close();
        lines.close();
    }

    /**
     * Says first that the run has begun, when the first device is on its way or a heartbeat has passed, and then how
     * far it is.
     */
    private void serve(Waiting waits) throws InterruptedException {
        Progress progress = waits.progress();
        Hook hook = waits.hook();
        if (waits.end() == End.AT_ONCE) {
            // In this order: the hook looks for the line when it has begun.
            hook.tell("handover " + progress.line());
            hook.pipe().begun(hook.mark());
            return;
        }
        progress.awaitAfter(Stage.BEGINNING, HEARTBEAT);
        hook.pipe().begun(hook.mark());
        // A run that ends at once shows nothing.
        long shown = System.nanoTime();
        for (Stage stage = progress.stage(); stage != Stage.ENDED; stage = progress.stage()) {
            boolean pending = waits.end() == End.WITH_THE_KERNEL && stage == Stage.WITH_THE_KERNEL;
            if (pending && holdsLocks(progress)) {
                hook.tell("handover " + progress.line());
                afterHandover.run();
                return;
            }
            if (waits.life().isEmpty() || !waits.life().get().isAlive()) {
                waits.abandon().run();
                log.say(new Message(Severity.WARNING, "the hook has ended; what has not begun is left to the kernel"));
                return;
            }
            hook.tell("progress " + progress.line());
            if (System.nanoTime() - shown >= CONSOLE.toNanos()) {
                shown = System.nanoTime();
                lines.add("quiesced: " + progress.line());
            }
            progress.awaitAfter(stage, pending ? Duration.ZERO : HEARTBEAT);
        }
        hook.tell("end " + progress.line());
    }

    /**
     * Waits for a heartbeat at the most until the kernel holds the locks of all devices in flight, for which its own
     * walk waits ({@code device_shutdown} in {@code drivers/base/core.c}). That a driver is about to be taken away is
     * told before it is: on a machine without a processor to spare the walk could come first. It would then shut the
     * device down itself, one after the other, and stop a disk whose {@code manage_*} attributes are not cleared yet.
     * The link to the driver goes once the lock is held ({@code __device_release_driver} in {@code drivers/base/dd.c}).
     */
    private boolean holdsLocks(Progress progress) throws InterruptedException {
        long until = System.nanoTime() + HEARTBEAT.toNanos();
        boolean held = progress.inFlight().stream().noneMatch(isBound);
        while (!held && System.nanoTime() < until) {
            progress.awaitAfter(Stage.WITH_THE_KERNEL, MOMENT);
            held = progress.inFlight().stream().noneMatch(isBound);
        }
        return held && progress.stage() == Stage.WITH_THE_KERNEL;
    }
}
