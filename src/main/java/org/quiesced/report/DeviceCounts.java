// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Timeline;

/**
 * Summarizes a plan or a run in words. Summaries count drives, and other devices only if they need attention.
 * Immutable.
 */
public final class DeviceCounts {
    /** Maximum number of reasons, and of devices per reason, that are named; the others are counted. */
    private static final int MOST_NAMED = 3;

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

    /**
     * Returns the number of drives among the devices, and the number of others, for example {@code 12 drives and 1
     * device}.
     */
    public String of(Collection<Device> devices) {
        long drives = devices.stream().filter(this::isDrive).count();
        long others = devices.size() - drives;
        if (others == 0) {
            return count(drives, "drive");
        }
        return (drives == 0 ? "" : count(drives, "drive") + " and ") + count(others, "device");
    }

    /**
     * Returns the number of devices per lane, for example {@code 12 drives in parallel, 1 drive one by one}; empty if
     * there are none.
     */
    public Optional<String> lanes(Plan plan) {
        List<Device> parallel = in(plan, Lane.PARALLEL);
        List<Device> serial = in(plan, Lane.SERIAL);
        List<String> parts = new ArrayList<>();
        if (!parallel.isEmpty()) {
            parts.add(of(parallel) + " in parallel");
        }
        if (!serial.isEmpty()) {
            parts.add(of(serial) + " one by one");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
    }

    private static List<Device> in(Plan plan, Lane lane) {
        return plan.driven().stream()
                .filter(device -> plan.of(device) instanceof Handled handled && handled.lane() == lane)
                .toList();
    }

    /**
     * Returns the result of a run, for example {@code 12 drives down, 1 left to the kernel (nvme3: in use, mounted on
     * /)}. A drive that did not confirm its shutdown does not count as down.
     */
    public String of(Timeline timeline) {
        List<Device> down = new ArrayList<>();
        List<Device> unconfirmed = new ArrayList<>();
        List<Device> unanswered = new ArrayList<>();
        timeline.endings().forEach((device, ending) -> {
            List<Device> unsure = ending instanceof Ending.Unanswered ? unanswered : unconfirmed;
            (ending.isConfirmed() ? down : unsure).add(device);
        });
        String running = named("not stopped", timeline, Ending.NotStopped.class);
        String unreached = named("not notified", timeline, Ending.Unreached.class);
        Map<Device, Reason> left = new LinkedHashMap<>();
        timeline.outcomes().forEach(outcome -> outcome.leftBecause().ifPresent(why -> left.put(outcome.device(), why)));
        List<String> parts = new ArrayList<>();
        parts.add(of(down) + " down" + running + unreached);
        if (!unconfirmed.isEmpty()) {
            parts.add(of(unconfirmed) + " unbound but not confirmed (" + names(unconfirmed) + ")");
        }
        if (!unanswered.isEmpty()) {
            parts.add(of(unanswered) + " notified but not confirmed (" + names(unanswered) + ")");
        }
        left(left).ifPresent(parts::add);
        return String.join(", ", parts);
    }

    /** Returns the devices that have one kind of ending, in parentheses; an empty string if there are none. */
    private String named(String what, Timeline timeline, Class<? extends Ending> kind) {
        List<Device> devices = timeline.endings().entrySet().stream()
                .filter(entry -> kind.isInstance(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        return devices.isEmpty() ? "" : " (" + what + ": " + names(devices) + ")";
    }

    /** Returns the devices that a plan leaves to the kernel, with the reasons. */
    public static Map<Device, Reason> leftBy(Plan plan) {
        Map<Device, Reason> left = new LinkedHashMap<>();
        for (Device device : plan.driven()) {
            if (plan.of(device) instanceof LeftToKernel kernel) {
                left.put(device, kernel.reason());
            }
        }
        return left;
    }

    /**
     * Returns the devices that are left to the kernel, for example {@code 1 left to the kernel (nvme3: in use, mounted
     * on /)}. Devices other than drives that have no method, or whose mode is off, are omitted; empty if nothing
     * remains.
     */
    public Optional<String> left(Map<Device, Reason> left) {
        Map<String, List<Device>> byReason = new LinkedHashMap<>();
        List<Device> told = new ArrayList<>();
        left.forEach((device, reason) -> {
            boolean isNews = !(reason instanceof Reason.NoMethod || reason instanceof Reason.Off);
            if (isNews || isDrive(device)) {
                told.add(device);
                byReason.computeIfAbsent(reason.brief(), words -> new ArrayList<>())
                        .add(device);
            }
        });
        if (told.isEmpty()) {
            return Optional.empty();
        }
        boolean onlyDrives = told.stream().allMatch(this::isDrive);
        return Optional.of((onlyDrives ? String.valueOf(told.size()) : of(told)) + " left to the kernel ("
                + named(byReason) + ")");
    }

    /**
     * Returns the devices with their reasons, for example {@code nvme3: in use, mounted on /; sda and sdb: opted out}.
     */
    private String named(Map<String, List<Device>> byReason) {
        List<String> parts = new ArrayList<>();
        int unnamed = 0;
        for (Map.Entry<String, List<Device>> entry : byReason.entrySet()) {
            if (parts.size() < MOST_NAMED) {
                parts.add(names(entry.getValue()) + ": " + entry.getKey());
            } else {
                unnamed += entry.getValue().size();
            }
        }
        if (unnamed > 0) {
            parts.add(unnamed + " more for other reasons");
        }
        return String.join("; ", parts);
    }

    private String names(List<Device> devices) {
        List<String> names =
                devices.stream().limit(MOST_NAMED).map(labels::brief).toList();
        int more = devices.size() - names.size();
        if (more > 0) {
            return String.join(", ", names) + " and " + more + " more";
        }
        return names.size() == 1
                ? names.get(0)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }
}
