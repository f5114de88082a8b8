// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.host.SysRq;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.DriveType;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/**
 * Brings the machine down by force: logs the reason, writes cached data to the drives, and restarts or powers off. Each
 * step that may block is executed by a worker with a time limit; without a worker, all steps but the last are skipped.
 *
 * <p>A power-off walks the devices again and may block on the same lock as the shutdown, so it becomes a restart after
 * {@link Waits#poweringOff}, as in the kernel's hardware protection ({@code hw_failure_emergency_action_func} in
 * {@code kernel/reboot.c}). A kexec becomes a restart through the firmware. A halt only writes the data: the machine is
 * to remain on, and must not restart.
 */
public final class ForcedEnd {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final SysRq sysRq;
    private final Waits waits;

    /**
     * Time limit of each step.
     *
     * @param saying limit for a message to the console
     * @param writing delay after the request to write dirty memory, and between two looks at how much is left
     * @param stalled how long the amount that is left may not have fallen before the rest is given up; systemd-shutdown
     *     (8) gives its own sync up after the same time ({@code sync_with_progress} in {@code src/shutdown/shutdown.c})
     * @param flushing limit for the flushes of the drives' caches
     * @param poweringOff delay between a power-off and the restart that replaces it
     */
    public record Waits(Duration saying, Duration writing, Duration stalled, Duration flushing, Duration poweringOff) {
        /** The limits on a real machine. */
        public static final Waits NORMAL = new Waits(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15));

        /** The limits of a warm-up, in which nothing blocks. */
        public static final Waits SHORT =
                new Waits(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);
    }

    /**
     * The reason why the machine is brought down.
     *
     * @param description the reason in words
     * @param plan the plan whose devices are flushed
     * @param busy the paths of the devices in flight, which are left alone
     * @param mayWrite returns whether dirty memory may be written for as long as that progresses; false once the time
     *     of the whole shutdown is over
     */
    record Cause(Verb verb, String description, Plan plan, List<String> busy, BooleanSupplier mayWrite) {}

    /** Creates an instance; does nothing yet. */
    public ForcedEnd(Kernel kernel, WorkerSource workers, SysRq sysRq, Waits waits) {
        this.kernel = kernel;
        this.workers = workers;
        this.sysRq = sysRq;
        this.waits = waits;
    }

    /**
     * Brings the machine down.
     *
     * @param holds whether the cause still holds; called directly before the last step
     * @return whether the last step was taken, after which nothing else can be done
     */
    boolean carryOut(Cause cause, BooleanSupplier holds) throws InterruptedException {
        say(cause.description() + "; " + announcement(cause.verb()));
        writeOut(cause, holds);
        if (!holds.getAsBoolean()) {
            say("it has ended after all");
            return false;
        }
        switch (cause.verb()) {
            case REBOOT, KEXEC -> restart();
            case POWEROFF -> powerOff();
            case HALT -> {}
        }
        return true;
    }

    private static String announcement(Verb verb) {
        return switch (verb) {
            case REBOOT -> "restarting by force";
            case KEXEC -> "restarting by force, through the firmware";
            case POWEROFF -> "powering off by force";
            case HALT -> "not restarting, because the machine was to be halted";
        };
    }

    private void say(String line) {
        within(waits.saying(), () -> sysRq.say(line));
    }

    /** Writes dirty memory first, and then the caches of the drives. */
    private void writeOut(Cause cause, BooleanSupplier holds) throws InterruptedException {
        within(waits.saying(), () -> {
            attempt(sysRq::sync);
            attempt(sysRq::remountReadOnly);
        });
        Thread.sleep(waits.writing().toMillis());
        awaitWriting(() -> cause.mayWrite().getAsBoolean() && holds.getAsBoolean());
        flush(disks(cause));
    }

    /** Waits until nothing is left to be written, nothing is written any more, or it may not wait longer. */
    private void awaitWriting(BooleanSupplier mayWait) throws InterruptedException {
        long least = Long.MAX_VALUE;
        long since = System.nanoTime();
        while (mayWait.getAsBoolean()) {
            long left = sysRq.unwritten().orElse(0);
            if (left < least) {
                least = left;
                since = System.nanoTime();
            }
            if (left == 0 || System.nanoTime() - since >= waits.stalled().toNanos()) {
                return;
            }
            Thread.sleep(waits.writing().toMillis());
        }
    }

    private void restart() {
        attempt(sysRq::restart);
    }

    private void powerOff() throws InterruptedException {
        within(waits.saying(), () -> attempt(sysRq::powerOff));
        Thread.sleep(waits.poweringOff().toMillis());
        say("the power-off hangs too; restarting by force");
        restart();
    }

    private static List<Disk> disks(Cause cause) {
        Storage storage = new Storage(cause.plan().tree());
        List<Disk> disks = new ArrayList<>();
        for (Device device : cause.plan().tree().devices()) {
            Optional<DriveType> type = cause.plan().types().of(device);
            if (type.isPresent() && !cause.busy().contains(device.path())) {
                storage.disksOf(device).forEach(disk -> disks.add(new Disk(device, disk, type.get())));
            }
        }
        return disks;
    }

    /** A disk, and the device whose driver creates it. */
    private record Disk(Device device, Device disk, DriveType type) {
        /**
         * Flushes the disk. Best effort. Skips a device without a driver, which was flushed before the driver was
         * unbound.
         */
        void flush(Kernel kernel) {
            try {
                if (kernel.drivers().isBound(device)) {
                    type.flush(disk, kernel);
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void flush(List<Disk> disks) {
        List<Runnable> tasks = new ArrayList<>();
        disks.forEach(disk -> tasks.add(() -> disk.flush(kernel)));
        within(waits.flushing(), tasks.toArray(Runnable[]::new));
    }

    /** Executes tasks on workers, and returns when all have ended or the limit has passed. */
    private void within(Duration limit, Runnable... tasks) {
        WorkerPool<Boolean> pool = workers.newPool();
        long until = pool.now() + limit.toNanos();
        int running = 0;
        try {
            for (Runnable task : tasks) {
                pool.start("last-resort", mailbox -> {
                    task.run();
                    mailbox.accept(true);
                });
                running++;
            }
        } catch (NoWorkerException e) {
            // Wait for the tasks that were started.
        }
        while (running > 0 && pool.await(until).isPresent()) {
            running--;
        }
    }

    /** A step that the kernel may refuse. */
    private interface Step {
        void take() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.take();
        } catch (IOException e) {
            sysRq.say("not possible: " + e.getMessage());
        }
    }
}
