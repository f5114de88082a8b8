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
 * Reads in advance what a run reads before it unbinds a driver: the open files of all processes, and the devices below
 * each device. The kernel creates the entries of {@code /proc} and {@code /sys} at their first lookup; for the entries
 * of one scan that takes longer than everything else that the first drive waits for. Changes nothing. Opens no disk,
 * except that bound loop devices are asked for their backing files.
 */
final class Prefetch {
    private Prefetch() {}

    /** Starts reading on an idle worker, and returns at once. Skips entries that cannot be read. */
    static void begin(Plan plan, Kernel kernel, WorkerSource workers) {
        WorkerPool<Object> pool = workers.newPool();
        pool.aside(() -> read(plan, kernel));
    }

    private static void read(Plan plan, Kernel kernel) {
        try {
            kernel.usage().scan();
        } catch (IOException e) {
            // The run will meet the same error, and report it.
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
