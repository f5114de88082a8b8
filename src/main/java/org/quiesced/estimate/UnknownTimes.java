// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;

/**
 * The devices of a shutdown whose times are unknown. Estimates and simulations count them as taking no time, and
 * reports name them.
 *
 * @param ours those that quiesced shuts down, without holders, which take almost no time
 * @param left the drives that are left to the kernel, whose walk waits for them
 * @param isAll whether no device with a time is known
 */
public record UnknownTimes(Set<Device> ours, Set<Device> left, boolean isAll) {
    /** All times are known, as those of a real run. */
    public static final UnknownTimes NONE = new UnknownTimes(Set.of(), Set.of(), false);

    /** Copies the sets. */
    public UnknownTimes {
        ours = Set.copyOf(ours);
        left = Set.copyOf(left);
    }

    /** Returns the devices of a plan whose times are unknown; a device that is not waited for takes no time. */
    public static UnknownTimes of(Plan plan, Latencies latencies, Verb verb) {
        Storage storage = new Storage(plan.tree());
        Set<Device> ours = new HashSet<>();
        Set<Device> left = new HashSet<>();
        boolean isAll = true;
        for (Device device : plan.driven()) {
            boolean isOurs = plan.handles(device);
            if (isOurs ? device.isHolder() : plan.types().of(device).isEmpty()) {
                continue;
            }
            if (latencies.of(device).isEmpty() && isWaitedFor(plan, storage, device, verb)) {
                (isOurs ? ours : left).add(device);
            } else {
                isAll = false;
            }
        }
        return new UnknownTimes(ours, left, isAll && ours.size() + left.size() > 0);
    }

    /** Returns whether the shutdown waits for a device, unlike for a disk that is not stopped. */
    public static boolean isWaitedFor(Plan plan, Storage storage, Device device, Verb verb) {
        return Optional.of(plan.of(device))
                .filter(Handled.class::isInstance)
                .map(Handled.class::cast)
                .map(handled -> handled.method().waitsForDrive(handled.target(), verb))
                .orElseGet(() -> KernelWalk.waitsFor(plan, storage, device, verb));
    }

    /** Returns whether the time of a device that quiesced shuts down is unknown. */
    public boolean contains(Device device) {
        return ours.contains(device);
    }

    /** Returns the number of devices. */
    public int count() {
        return ours.size() + left.size();
    }
}
