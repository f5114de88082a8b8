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
 * Brings the machine down by force: says why, writes out what is left to be written, and restarts or turns the power
 * off. All that may hang is done by workers that are waited for with a limit; without workers it is left out, but for
 * the last step.
 *
 * <p>A power-off walks the devices again and may meet the very lock that the shutdown hangs on, so after a while it
 * becomes a restart, as in the kernel's own emergencies ({@code hw_failure_emergency_action_func} of
 * {@code kernel/reboot.c}). A kexec becomes a restart through the firmware. At a halt the machine is to stay on, and a
 * restart would do what nobody asked for: all is written, and that is the end.
 */
public final class ForcedEnd {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final SysRq sysRq;
    private final Waits waits;

    /**
     * Time limit of each step.
     *
     * @param saying for a slow console
     * @param writing for the system's memory to be written; nobody says when that is done
     * @param flushing for the drives' caches
     * @param poweringOff for a power-off, before a restart
     */
    public record Waits(Duration saying, Duration writing, Duration flushing, Duration poweringOff) {
        /** The limits on a real machine. */
        public static final Waits NORMAL =
                new Waits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(15));

        /** For a warm-up, where nothing has to be waited for but the workers. */
        public static final Waits SHORT =
                new Waits(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);
    }

    /**
     * The reason why the machine is brought down.
     *
     * @param description what to say
     * @param plan whose devices are flushed
     * @param busy the paths of the devices in flight, which are left alone
     */
    record Cause(Verb verb, String description, Plan plan, List<String> busy) {}

    public ForcedEnd(Kernel kernel, WorkerSource workers, SysRq sysRq, Waits waits) {
        this.kernel = kernel;
        this.workers = workers;
        this.sysRq = sysRq;
        this.waits = waits;
    }

    /**
     * Brings the machine down.
     *
     * @param holds whether the cause still holds, asked directly before the last step
     * @return whether the last step was taken; if the machine still runs then, there is nothing else to be done
     */
    boolean carryOut(Cause cause, BooleanSupplier holds) throws InterruptedException {
        say(cause.description() + "; " + announcement(cause.verb()));
        writeOut(cause);
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
            case HALT -> "the machine stays as it is, for it was to be halted";
        };
    }

    private void say(String line) {
        within(waits.saying(), () -> sysRq.say(line));
    }

    /** The memory first, then the caches that it was written to. */
    private void writeOut(Cause cause) throws InterruptedException {
        within(waits.saying(), () -> {
            attempt(sysRq::sync);
            attempt(sysRq::remountReadOnly);
        });
        Thread.sleep(waits.writing().toMillis());
        flush(disks(cause));
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

    /** A disk, and the device whose driver makes it. */
    private record Disk(Device device, Device disk, DriveType type) {
        /** A device without a driver was flushed when its driver was removed. */
        void flush(Kernel kernel) {
            try {
                if (kernel.drivers().isBound(device)) {
                    type.flush(disk, kernel);
                }
            } catch (IOException e) {
                // Best effort.
                return;
            }
        }
    }

    private void flush(List<Disk> disks) {
        List<Runnable> tasks = new ArrayList<>();
        disks.forEach(disk -> tasks.add(() -> disk.flush(kernel)));
        within(waits.flushing(), tasks.toArray(Runnable[]::new));
    }

    /** Runs tasks on workers, and returns when all are done or the time is over. */
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
            // The jobs that have been started go on.
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
