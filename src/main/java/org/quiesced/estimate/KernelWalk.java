// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.WalkMode;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;

/**
 * Models the kernel's {@code device_shutdown()}: one device after the other, in the reverse order of discovery, or in
 * parallel ({@link AsynchronousWalk}).
 */
public final class KernelWalk {
    /**
     * One device that the walk waits for.
     *
     * @param from its start, in nanoseconds from the start of the walk
     * @param to its end, in the same unit
     */
    public record Step(Device device, long from, long to) {}

    private KernelWalk() {}

    /**
     * Returns the steps of the walk that take time.
     *
     * @param plan the devices, the types of drives, and the mode of the walk
     * @param finds whether the walk has something to do at a device; false for one that has lost its driver
     */
    public static List<Step> steps(Plan plan, Latencies latencies, Verb verb, Predicate<Device> finds) {
        return steps(plan, latencies, verb, finds, Map.of());
    }

    /**
     * Returns the steps of a walk that begins while devices are in flight. It waits for the lock of each of them when
     * it comes to it.
     *
     * @param inFlight the devices whose drivers are being unbound, and when that ends, in nanoseconds from the start of
     *     the walk
     */
    public static List<Step> steps(
            Plan plan, Latencies latencies, Verb verb, Predicate<Device> finds, Map<Device, Long> inFlight) {
        long[] times = times(plan, latencies, verb, finds);
        return plan.walk() == WalkMode.ASYNCHRONOUS
                ? new AsynchronousWalk(plan, times, inFlight).steps()
                : serially(plan.tree(), times, inFlight);
    }

    private static List<Step> serially(DeviceTree tree, long[] times, Map<Device, Long> inFlight) {
        List<Step> steps = new ArrayList<>();
        long now = 0;
        for (int i = tree.size() - 1; i >= 0; i--) {
            now = Math.max(now, inFlight.getOrDefault(tree.get(i), 0L));
            if (times[i] > 0) {
                steps.add(new Step(tree.get(i), now, now + times[i]));
                now += times[i];
            }
        }
        return List.copyOf(steps);
    }

    /** Returns the duration of the walk. */
    public static Duration duration(List<Step> steps) {
        return Duration.ofNanos(steps.stream().mapToLong(Step::to).max().orElse(0));
    }

    /**
     * Returns whether the walk waits for a device that has a driver, unlike for a disk that it does not stop.
     *
     * @param storage the storage of the plan's tree
     */
    public static boolean waitsFor(Plan plan, Storage storage, Device device, Verb verb) {
        return plan.types()
                .of(device)
                .map(type -> type.isAwaitedByKernel(device, storage, verb))
                .orElse(true);
    }

    private static long[] times(Plan plan, Latencies latencies, Verb verb, Predicate<Device> finds) {
        DeviceTree tree = plan.tree();
        Storage storage = new Storage(tree);
        long[] times = new long[tree.size()];
        for (int i = 0; i < times.length; i++) {
            Device device = tree.get(i);
            boolean isAwaited =
                    device.driver().isPresent() && finds.test(device) && waitsFor(plan, storage, device, verb);
            times[i] = isAwaited ? latencies.of(device).orElse(Duration.ZERO).toNanos() : 0;
        }
        return times;
    }
}
