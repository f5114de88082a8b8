// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.quiesced.kernel.HolderKind;
import org.quiesced.method.Step;

/**
 * The JSON of a plan. Times are in seconds.
 *
 * @param verb the verb of the shutdown
 * @param kernelWalk the mode of the kernel's walk, {@code serial} or {@code asynchronous}
 * @param handover whether the hook returns when all unfinished devices are in flight
 * @param devices the devices that have a driver, in the order of their discovery
 * @param warnings the dependency cycles, which an administrator should examine
 * @param totals the counts and times
 */
public record PlanJson(
        String verb,
        String kernelWalk,
        boolean handover,
        List<Entry> devices,
        List<ReasonJson> warnings,
        Totals totals) {
    /** Returns a summary, for example {@code 24 drives in parallel, 1 left to the kernel (sda: opted out)}. */
    public String summary() {
        Optional<String> lanes = Sums.lanes(in(DispositionType.PARALLEL), in(DispositionType.SERIAL));
        List<Sums.Left> left = devices.stream()
                .filter(entry -> entry.disposition() == DispositionType.KERNEL)
                .map(entry -> entry.reason().left(entry.item()))
                .toList();
        return Sums.plan(lanes, totals.drivesUsedNow(), Sums.left(left));
    }

    /** Returns the reason of a disposition in words. */
    public static String why(
            DispositionType disposition, ReasonJson reason, Optional<UsedNow> usedNow, Optional<PhaseType> phase) {
        boolean isOptedInSerially = reason.type() == ReasonType.OPTED_IN && disposition == DispositionType.SERIAL;
        return usedNow.map(now -> now.why(phase.equals(Optional.of(PhaseType.EXITRD))))
                .orElseGet(() -> isOptedInSerially ? "opted in, one by one" : reason.describe());
    }

    private List<Sums.Item> in(DispositionType disposition) {
        return devices.stream()
                .filter(entry -> entry.disposition() == disposition)
                .map(Entry::item)
                .toList();
    }

    /**
     * One device.
     *
     * @param label its name, and that of its controller or disk
     * @param supported whether there is a method for it
     * @param drive whether it is a drive; summaries count drives
     * @param steps the steps of its shutdown, in order; empty if it is left to the kernel
     * @param waitsFor the names of the nearest dependents that have a driver
     * @param reason the reason of its disposition
     * @param usedNow the present users that release it during the shutdown
     * @param phase the phase in which it is expected to be shut down; empty if it is left to the kernel
     * @param latency its shutdown time at this verb, in seconds: 0 if the shutdown does not wait for it, as for a disk
     *     that is not stopped; empty if unknown
     */
    public record Entry(
            String device,
            String path,
            String label,
            String driver,
            DispositionType disposition,
            boolean supported,
            boolean drive,
            Optional<String> method,
            List<Step> steps,
            List<String> waitsFor,
            ReasonJson reason,
            Optional<UsedNow> usedNow,
            Optional<PhaseType> phase,
            Optional<Double> latency)
            implements DeviceEntry {
        /** Returns the reason of the disposition in words. */
        public String why() {
            return PlanJson.why(disposition, reason, usedNow, phase);
        }

        /** Returns the device as a summary names it. */
        Sums.Item item() {
            return new Sums.Item(alias().orElse(device), drive);
        }

        /** Returns the name of its controller or disk, which is in parentheses in the label. */
        public Optional<String> alias() {
            int parenthesis = label.indexOf(" (");
            return parenthesis < 0
                    ? Optional.empty()
                    : Optional.of(label.substring(parenthesis + 2, label.length() - 1));
        }

        /**
         * Returns the devices that it waits for in a few words: up to two names, or one and the number of the others.
         */
        public String waitsForLabel() {
            return switch (waitsFor.size()) {
                case 0 -> "-";
                case 1, 2 -> String.join(", ", waitsFor);
                default -> waitsFor.get(0) + " and " + (waitsFor.size() - 1) + " more";
            };
        }
    }

    /**
     * The present user of a disk.
     *
     * @param users the user; a holder or a loop device is followed by its own user, and so on
     * @param lateBecause a partition without a user, which excludes the device from the early phase; absent if none
     *     does
     * @param earlyWith the kinds of holders that the key {@code release} would have to name for the device to be free
     *     in the early phase; absent if that would not help
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record UsedNow(List<UserJson> users, Optional<String> lateBecause, List<String> earlyWith) {
        /** Copies the lists; one that is absent in JSON is empty. */
        public UsedNow {
            users = users == null ? List.of() : List.copyOf(users);
            earlyWith = earlyWith == null ? List.of() : List.copyOf(earlyWith);
        }

        /** Returns the user in words. */
        public String describe() {
            return UserJson.user(users).describe();
        }

        private String why(boolean inExitrd) {
            return "in use now (" + describe() + "); free "
                    + (inExitrd ? "in the exitrd" : "at shutdown")
                    + lateBecause
                            .map(partition -> ", but late: no visible user of " + partition)
                            .orElse("")
                    + (earlyWith.isEmpty() ? "" : ", early with " + HolderKind.line(ReasonDetails.kinds(earlyWith)));
        }
    }

    /**
     * Counts of devices and drives, and times.
     *
     * @param parallel number of devices that are shut down in parallel
     * @param serial number of devices that are shut down one by one
     * @param kernel number of devices that are left to the kernel, most of them bridges and the like
     * @param holders number of holders of disks among {@code parallel} and {@code serial}, which take almost no time
     * @param unknown number of devices among {@code parallel} and {@code serial} whose shutdown time is unknown
     * @param drives number of drives that are shut down
     * @param drivesParallel number of these that are shut down in parallel
     * @param drivesSerial number of these that are shut down one by one
     * @param drivesUsedNow number of these that are in use at present
     * @param drivesEarly number of these that are shut down in the early phase
     * @param drivesLeft number of drives that are left to the kernel
     * @param expected expected duration of the shutdown by quiesced
     * @param deadline the deadline, which {@code expected} does not exceed: after it all is left to the kernel
     * @param kernelAlone expected duration of the kernel's walk over the same devices
     */
    public record Totals(
            long parallel,
            long serial,
            long kernel,
            long holders,
            long unknown,
            long drives,
            long drivesParallel,
            long drivesSerial,
            long drivesUsedNow,
            long drivesEarly,
            long drivesLeft,
            double expected,
            double deadline,
            double kernelAlone) {
        /** Rejects the JSON of an earlier version, which has no deadline. */
        public Totals {
            if (deadline <= 0) {
                throw new IllegalArgumentException("no deadline");
            }
        }

        /** Returns whether the deadline is expected to end the run before all devices are down. */
        public boolean exceedsDeadline() {
            return expected >= deadline;
        }

        /** Returns whether no device has a known time. */
        public boolean nothingIsKnown() {
            return unknown == parallel + serial - holders;
        }
    }
}
