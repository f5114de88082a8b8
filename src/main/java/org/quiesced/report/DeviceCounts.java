// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.report.Sums.Item;
import org.quiesced.run.Timeline;

/**
 * Summarizes a plan or a run in words. Summaries count drives, and other devices only if they need attention.
 * Immutable.
 */
public final class DeviceCounts {
    private final DriveTypes types;
    private final Storage storage;
    private final Labels labels;

    /** Creates summaries for a plan, in time proportional to its devices. */
    public DeviceCounts(Plan plan) {
        this.types = plan.types();
        this.storage = new Storage(plan.tree());
        this.labels = new Labels(plan);
    }

    /** Returns a number with its noun, for example {@code 1 drive} or {@code 12 drives}. */
    public static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Returns the names of the devices. */
    public Labels labels() {
        return labels;
    }

    /** Returns whether a device is a drive. */
    public boolean isDrive(Device device) {
        return types.isDrive(device, storage);
    }

    private Item item(Device device) {
        return new Item(labels.brief(device), isDrive(device));
    }

    private List<Item> items(Collection<Device> devices) {
        return devices.stream().map(this::item).toList();
    }

    /**
     * Returns the number of drives among the devices, and the number of others, for example {@code 12 drives and 1
     * device}.
     */
    public String of(Collection<Device> devices) {
        return Sums.count(items(devices));
    }

    /**
     * Returns the number of devices per lane, for example {@code 12 drives in parallel, 1 drive one by one}; empty if
     * there are none.
     */
    public Optional<String> lanes(Plan plan) {
        return Sums.lanes(in(plan, DispositionType.PARALLEL), in(plan, DispositionType.SERIAL));
    }

    private List<Item> in(Plan plan, DispositionType type) {
        return items(plan.driven().stream()
                .filter(device -> DispositionType.of(plan.of(device)) == type)
                .toList());
    }

    /**
     * Returns the result of a run, for example {@code 12 drives down, 1 left to the kernel (nvme3: in use, mounted on
     * /)}. A drive that did not confirm its shutdown does not count as down.
     */
    public String of(Timeline timeline) {
        RunSums sums = new RunSums();
        timeline.endings()
                .forEach((device, ending) ->
                        sums.ended(item(device), ReasonJson.of(ending).map(ReasonJson::type)));
        timeline.outcomes()
                .forEach(outcome -> outcome.leftBecause().ifPresent(why -> sums.left(left(outcome.device(), why))));
        return sums.describe();
    }

    /** Returns the number of drives by outcome in a run, without those whose driver was bound again. */
    public OutcomeCounts drives(Timeline timeline) {
        Set<Device> ended = timeline.endings().keySet();
        return OutcomeCounts.of(timeline.outcomes().stream()
                .filter(outcome -> isDrive(outcome.device()))
                .filter(outcome -> outcome.leftBecause().isPresent() || ended.contains(outcome.device()))
                .map(Outcome::of)
                .toList());
    }

    private Sums.Left left(Device device, Reason reason) {
        return Sums.Left.of(item(device), reason);
    }

    /** Returns the devices that a plan leaves to the kernel, with the reasons; empty if there is nothing to report. */
    Optional<String> left(Plan plan) {
        List<Sums.Left> left = new ArrayList<>();
        for (Device device : plan.driven()) {
            if (plan.of(device) instanceof LeftToKernel kernel) {
                left.add(left(device, kernel.reason()));
            }
        }
        return Sums.left(left);
    }
}
