// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.plan.Reason;

/** Formats summaries, which count drives, and other devices only if there is something to report about them. */
final class Sums {
    /** Maximum number of reasons, and of devices for each reason, that are named; the others are counted. */
    private static final int MOST_NAMED = 3;

    private Sums() {}

    /**
     * A device of a summary.
     *
     * @param name the shortest name that an administrator knows
     * @param isDrive whether it is a drive
     */
    record Item(String name, boolean isDrive) {}

    /**
     * A device that is left to the kernel.
     *
     * @param reason the reason in words that follow its name
     * @param isNews whether the reason is also reported for a device that is not a drive
     */
    record Left(Item item, String reason, boolean isNews) {
        /** Returns a device that is left to the kernel for a reason. */
        static Left of(Item item, Reason reason) {
            return new Left(item, reason.brief(), reason.isNews());
        }
    }

    /** Returns the number of drives and of others, for example {@code 12 drives and 1 device}. */
    static String count(Collection<Item> items) {
        long drives = items.stream().filter(Item::isDrive).count();
        return count(drives, items.size() - drives);
    }

    private static String count(long drives, long others) {
        if (others == 0) {
            return DeviceCounts.count(drives, "drive");
        }
        return (drives == 0 ? "" : DeviceCounts.count(drives, "drive") + " and ")
                + DeviceCounts.count(others, "device");
    }

    /** Returns the number of devices by lane, for example {@code 12 drives in parallel}; empty if there are none. */
    static Optional<String> lanes(Collection<Item> parallel, Collection<Item> serial) {
        List<String> parts = new ArrayList<>();
        if (!parallel.isEmpty()) {
            parts.add(count(parallel) + " in parallel");
        }
        if (!serial.isEmpty()) {
            parts.add(count(serial) + " one by one");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
    }

    /**
     * Returns the summary of a plan, for example {@code 24 drives in parallel, 1 left to the kernel (nvme3: opted
     * out)}.
     *
     * @param lanes the result of {@link #lanes}
     * @param used number of drives that are in use at present
     */
    static String plan(Optional<String> lanes, long used, Optional<String> left) {
        return lanes.orElse("nothing to shut down")
                + (used == 0 ? "" : " (" + used + " in use now, free at shutdown)")
                + left.map(more -> ", " + more).orElse("");
    }

    /**
     * Returns the devices that are left to the kernel, for example {@code 1 left to the kernel (nvme3: in use, mounted
     * on /)}. Devices other than drives are omitted unless their reason is to be reported; empty if nothing remains.
     */
    static Optional<String> left(Collection<Left> left) {
        Map<String, List<Item>> byReason = new LinkedHashMap<>();
        List<Item> told = new ArrayList<>();
        for (Left one : left) {
            if (one.isNews() || one.item().isDrive()) {
                told.add(one.item());
                byReason.computeIfAbsent(one.reason(), words -> new ArrayList<>())
                        .add(one.item());
            }
        }
        if (told.isEmpty()) {
            return Optional.empty();
        }
        boolean onlyDrives = told.stream().allMatch(Item::isDrive);
        return Optional.of((onlyDrives ? String.valueOf(told.size()) : count(told)) + " left to the kernel ("
                + named(byReason) + ")");
    }

    /** Returns the devices with their reasons, for example {@code nvme3: in use, mounted on /; sda: opted out}. */
    private static String named(Map<String, List<Item>> byReason) {
        List<String> parts = new ArrayList<>();
        int unnamed = 0;
        for (Map.Entry<String, List<Item>> entry : byReason.entrySet()) {
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

    /** Returns the names of the first few, and how many more there are. */
    static String names(List<Item> items) {
        List<String> names = items.stream().limit(MOST_NAMED).map(Item::name).toList();
        int more = items.size() - names.size();
        if (more > 0) {
            return String.join(", ", names) + " and " + more + " more";
        }
        return names.size() == 1
                ? names.get(0)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }
}
