// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Latencies;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;

/**
 * Models the stock kernel's {@code device_shutdown()}: one device after the other, in the reverse order of discovery.
 */
public final class KernelWalk {
    /**
     * One device that the walk waits for.
     *
     * @param from when it begins, in nanoseconds from the start of the walk
     * @param to when it ends
     */
    public record Step(Device device, long from, long to) {}

    private KernelWalk() {}

    /**
     * Returns the steps of the walk that take time.
     *
     * @param plan the devices, and the types of drives
     * @param finds whether the walk has something to do at a device; it has nothing to do at one that has lost its
     *     driver
     */
    public static List<Step> steps(Plan plan, Latencies latencies, Verb verb, Predicate<Device> finds) {
        DeviceTree tree = plan.tree();
        Storage storage = new Storage(tree);
        List<Step> steps = new ArrayList<>();
        long now = 0;
        for (int i = tree.size() - 1; i >= 0; i--) {
            Device device = tree.get(i);
            if (device.driver().isPresent() && finds.test(device)) {
                long latency =
                        latency(plan.types(), storage, device, latencies, verb).toNanos();
                if (latency > 0) {
                    steps.add(new Step(device, now, now + latency));
                    now += latency;
                }
            }
        }
        return List.copyOf(steps);
    }

    /** Returns how long the walk takes. */
    public static Duration duration(List<Step> steps) {
        return steps.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(steps.get(steps.size() - 1).to());
    }

    private static Duration latency(DriveTypes types, Storage storage, Device device, Latencies latencies, Verb verb) {
        boolean isAwaited = types.of(device)
                .map(type -> type.isAwaitedByKernel(device, storage, verb))
                .orElse(true);
        return isAwaited ? latencies.of(device).orElse(Duration.ZERO) : Duration.ZERO;
    }
}
