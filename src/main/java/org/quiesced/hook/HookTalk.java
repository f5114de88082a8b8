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
 * Reports the progress of a run to the hook that waits for it, and abandons the run when the hook ends. Holds no lock
 * during a write; neither the pipe nor the console can block it. Safe for use by several threads.
 */
public final class HookTalk {
    /** Longest time between two answers to the hook, which considers a daemon without an answer for 3 s dead. */
    public static final Duration HEARTBEAT = Duration.ofMillis(500);

    /** Interval of checks whether the kernel holds the locks. A worker needs less from its announcement to the lock. */
    private static final Duration MOMENT = Duration.ofMillis(2);

    /** Shortest time between two lines on the console. */
    private static final Duration CONSOLE = Duration.ofSeconds(1);

    /** Number of lines that wait for the console; further ones are dropped. */
    private static final int LINES = 1;

    private final HostServices host;
    private final Logging.ShutdownLog log;
    private final Predicate<Device> isBound;
    private final Runnable afterHandover;
    private final Inbox<Waiting> waiting = new Inbox<>();
    private final Inbox<String> lines = new Inbox<>(LINES);

    /**
     * A hook that has sent a request.
     *
     * @param pipe takes the answers
     * @param mark the first word of each answer: the hook's process number
     */
    public record Hook(RequestPipe pipe, String mark) {
        /** Sends an answer. */
        public void tell(String words) {
            pipe.answer(mark + " " + words);
        }
    }

    /**
     * A hook that waits for a run.
     *
     * @param abandon called if the hook ends while it waits
     * @param end when the hook may return
     */
    private record Waiting(Hook hook, Optional<HostProcess> life, Progress progress, Runnable abandon, End end) {}

    /** When a hook may return. */
    public enum End {
        /** As soon as the run has received the request: the hook of an exitrd waits for the rest. */
        AT_ONCE,
        /** As soon as the kernel's own walk waits for all that is left to do. */
        WITH_THE_KERNEL,
        /** At the end of the run. */
        WITH_THE_RUN
    }

    /**
     * Creates an instance without threads.
     *
     * @param isBound whether a device has a driver at present
     * @param afterHandover called when a hook was told that the kernel waits for the rest
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
     * @param progress the progress of the run, which may not have begun
     * @param abandon called if the hook ends while it waits
     * @param end when the hook may return
     */
    public void add(Hook hook, Optional<HostProcess> life, Progress progress, Runnable abandon, End end) {
        waiting.add(new Waiting(hook, life, progress, abandon, end));
    }

    /** Serves hooks one after the other, until {@link #stop}. */
    public void serve() throws InterruptedException {
        for (Optional<Waiting> next = waiting.take(); next.isPresent(); next = waiting.take()) {
            serve(next.get());
        }
    }

    /**
     * Shows lines on the console, until {@link #stop}. Needs its own thread, because a driver may block even open(2).
     */
    public void showLines() throws InterruptedException {
        for (Optional<String> line = lines.take(); line.isPresent(); line = lines.take()) {
            host.console().show(line.get());
        }
    }

    /** Ends the threads after their present work. */
    public void stop() {
        waiting.close();
        lines.close();
    }

    /**
     * Serves one hook. Announces the run when the first device is on its way or a heartbeat has passed, and then
     * reports its progress.
     */
    private void serve(Waiting waits) throws InterruptedException {
        Progress progress = waits.progress();
        Hook hook = waits.hook();
        if (waits.end() == End.AT_ONCE) {
            // In this order, because the hook reads the answer after the announcement.
            hook.tell("handover " + progress.line());
            hook.pipe().begun(hook.mark());
            return;
        }
        progress.awaitAfter(Stage.BEGINNING, HEARTBEAT);
        hook.pipe().begun(hook.mark());
        // The first line on the console comes only after a second.
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
     * Waits at most one heartbeat until the kernel holds the locks of all devices in flight, for which its own walk
     * waits ({@code device_shutdown} in {@code drivers/base/core.c}).
     *
     * <p>A removal is announced before it begins. On a machine with a single busy processor, the kernel's walk might
     * otherwise precede it: it would shut the device down itself, serially, and stop a disk whose {@code manage_*}
     * attributes are not cleared yet. The link to the driver is removed after the lock is taken
     * ({@code __device_release_driver} in {@code drivers/base/dd.c}).
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
