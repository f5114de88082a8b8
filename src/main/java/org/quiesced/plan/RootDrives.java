// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayList;
import java.util.List;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.LeftToKernel;

/** The drives of the root file system, which an exitrd unmounts. */
public final class RootDrives {
    /** One drive takes the same time by us and by the kernel, and the exitrd takes time itself. */
    private static final int LEAST = 2;

    private RootDrives() {}

    /**
     * Returns the devices that go down in the exitrd.
     *
     * @param plan a plan that foresees an exitrd
     */
    public static List<Device> of(Plan plan) {
        return plan.driven().stream()
                .filter(device -> plan.of(device) instanceof Handled handled && isUsedByRoot(handled))
                .toList();
    }

    /** Returns whether a device that goes down by us is one of them. */
    public static boolean isUsedByRoot(Handled handled) {
        return handled.usedNow().stream().anyMatch(use -> use.user().release() == Release.EXITRD);
    }

    /**
     * Returns a plan in which the reason why the root drives are left to the kernel says why no exitrd takes them.
     *
     * @param plan a plan without an exitrd
     * @param drives the root drives
     */
    public static Plan explained(Plan plan, List<Device> drives, String why) {
        List<Disposition> dispositions = new ArrayList<>(plan.dispositions());
        for (Device drive : drives) {
            if (plan.of(drive) instanceof LeftToKernel left && left.reason() instanceof Reason.InUse use) {
                dispositions.set(
                        plan.tree().indexOf(drive.path()),
                        new LeftToKernel(new Reason.InUse(use.disk(), use.user() + ", no exitrd: " + why)));
            }
        }
        return new Plan(plan.tree(), plan.types(), plan.graph(), dispositions, plan.warnings());
    }

    /**
     * Returns whether an exitrd gains time: a root drive goes down at the same time as another drive.
     *
     * @param plan a plan that foresees an exitrd
     */
    public static boolean gain(Plan plan) {
        return !of(plan).isEmpty()
                && plan.driven().stream().filter(plan::handles).count() >= LEAST;
    }
}
