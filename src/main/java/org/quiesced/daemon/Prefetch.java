// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Kernel;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/**
 * Reads once what a run reads before it takes a driver away: who has what open, and what is below each device. The
 * kernel makes the entries of {@code /proc} and {@code /sys} when they are looked up for the first time, which for the
 * hundred and more of a look takes longer than all else that the first drive waits for. Nothing is changed, and no disk
 * is opened but the loop devices that are bound, which are asked for their files.
 */
final class Prefetch {
    private Prefetch() {}

    /** Starts the reading on an idle worker, and returns at once. Unreadable entries are skipped. */
    static void begin(Plan plan, Kernel kernel, WorkerSource workers) {
        WorkerPool<Object> pool = workers.newPool();
        pool.aside(() -> read(plan, kernel));
    }

    private static void read(Plan plan, Kernel kernel) {
        try {
            kernel.usage().scan();
        } catch (IOException e) {
            // The run meets the same error, and reports it.
            return;
        }
        for (int i = 0; i < plan.tree().size(); i++) {
            if (plan.dispositions().get(i) instanceof Handled handled) {
                read(handled.target().device(), kernel);
            }
        }
    }

    private static void read(Device device, Kernel kernel) {
        try {
            kernel.drivers().isBound(device);
            DeviceTree below = kernel.readBelow(device);
            for (Device disk : new Storage(below).countingDisks()) {
                kernel.usage().traffic(disk);
            }
        } catch (IOException e) {
            return;
        }
    }
}
