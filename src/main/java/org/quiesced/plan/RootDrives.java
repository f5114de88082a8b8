// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.WalkMode;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.LeftToKernel;

/** The drives of the root file system, which an exitrd unmounts. */
public final class RootDrives {
    /** The reason why there is no exitrd if the configuration excludes it. */
    public static final String NEVER = "root = \"never\"";

    /** The reason why there is no exitrd in a plan that is not the daemon's. */
    public static final String NOT_ASSUMED = "this plan assumes none";

    /**
     * Minimum number of drives that are shut down, including the root drives. A single drive takes as long as in the
     * kernel's walk, and the exitrd takes additional time.
     */
    private static final int LEAST = 2;

    /**
     * Minimum time of the kernel's walk for the root drives that makes an exitrd worthwhile. An exitrd takes half a
     * second on a slow processor, and additional time while the system stops.
     */
    private static final Duration WORTH = Duration.ofSeconds(1);

    /** Time limit of the unmounting in {@code bin/exitrd-shutdown}. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** Assumed shutdown time of a drive whose time is unknown. */
    private static final Duration ASSUMED = Duration.ofSeconds(2);

    private RootDrives() {}

    /**
     * Returns the devices that are shut down in the exitrd.
     *
     * @param plan a plan that foresees an exitrd
     */
    public static List<Device> of(Plan plan) {
        return plan.driven().stream()
                .filter(device ->
                        !device.isHolder() && plan.of(device) instanceof Handled handled && isUsedByRoot(handled))
                .toList();
    }

    /** Returns whether the root file system uses a disk of a device. */
    public static boolean isUsedByRoot(Handled handled) {
        return handled.usedNow().stream().anyMatch(use -> use.user().release() == Release.EXITRD);
    }

    /**
     * Returns a plan in which the reason of the root drives includes why no exitrd releases them.
     *
     * @param plan a plan without an exitrd
     * @param drives the root drives
     */
    public static Plan explained(Plan plan, List<Device> drives, String why) {
        List<Disposition> dispositions = new ArrayList<>(plan.dispositions());
        for (Device drive : drives) {
            if (plan.of(drive) instanceof LeftToKernel left) {
                dispositions.set(
                        plan.tree().indexOf(drive.path()),
                        new LeftToKernel(explained(left.reason(), Optional.of(why))));
            }
        }
        return new Plan(plan.tree(), plan.types(), plan.graph(), plan.walk(), dispositions, plan.cycles());
    }

    /** Returns the reason of a root drive with why no exitrd releases it, unless its reason is not its user. */
    static Reason explained(Reason reason, Optional<String> why) {
        return reason instanceof Reason.InUse use && why.isPresent()
                ? new Reason.InUse(use.disk(), use.user(), why, use.freedBy())
                : reason;
    }

    /**
     * Returns whether an exitrd saves time: a root drive is shut down at the same time as another drive, and the root
     * drives are not known to be fast.
     *
     * @param plan a plan that foresees an exitrd
     * @param known the measured or reported times; a drive without one may take long
     */
    public static boolean gain(Plan plan, Latencies known) {
        List<Device> drives = of(plan);
        if (drives.isEmpty()
                || plan.driven().stream()
                                .filter(device -> isOfLatePhase(plan, device))
                                .count()
                        < LEAST) {
            return false;
        }
        Duration sum = Duration.ZERO;
        for (Device drive : drives) {
            Optional<Duration> time = known.of(drive);
            if (time.isEmpty()) {
                return true;
            }
            sum = sum.plus(time.get());
        }
        return sum.compareTo(WORTH) >= 0;
    }

    /**
     * Returns how long the unmounting of the root file system may take for an exitrd to save time: as long as the other
     * drives go down meanwhile, and as a serial walk of the kernel takes for the root drives except the slowest.
     *
     * @param plan a plan that foresees an exitrd
     * @param known the measured or reported times
     * @param isToCome returns whether a device is not down yet, and not left to the kernel
     */
    public static Duration patience(Plan plan, Latencies known, Predicate<Device> isToCome) {
        List<Device> root = of(plan);
        Duration others = Duration.ZERO;
        Duration sum = Duration.ZERO;
        Duration slowest = Duration.ZERO;
        for (Device device : plan.driven()) {
            if (!isOfLatePhase(plan, device) || !isToCome.test(device)) {
                continue;
            }
            Duration time = known.of(device).orElse(ASSUMED);
            if (root.contains(device)) {
                sum = sum.plus(time);
                slowest = Collections.max(List.of(slowest, time));
            } else {
                others = Collections.max(List.of(others, time));
            }
        }
        Duration saved = plan.walk() == WalkMode.SERIAL ? sum.minus(slowest) : Duration.ZERO;
        return Collections.min(List.of(LONGEST, others.plus(saved)));
    }

    /** Returns whether a device goes down in the late phase or after it: the network is gone then. */
    private static boolean isOfLatePhase(Plan plan, Device device) {
        return !device.isHolder() && plan.handles(device) && !plan.needsNetwork(device);
    }
}
