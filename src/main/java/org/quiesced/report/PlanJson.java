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
 * @param verb what the machine is about to do
 * @param kernelWalk how the kernel shuts down what is left to it, {@code serial} or {@code asynchronous}
 * @param handover whether the hook returns when all that is left to do is in flight
 * @param devices the devices that have a driver, in the order of their discovery
 * @param warnings what to look at: dependency cycles
 * @param totals the sums
 */
public record PlanJson(
        String verb,
        String kernelWalk,
        boolean handover,
        List<Entry> devices,
        List<ReasonJson> warnings,
        Totals totals) {
    /** Returns the sums in words, for example {@code 24 drives in parallel, 1 left to the kernel (sda: opted out)}. */
    public String summary() {
        Optional<String> lanes = Sums.lanes(in(DispositionType.PARALLEL), in(DispositionType.SERIAL));
        List<Sums.Left> left = devices.stream()
                .filter(entry -> entry.disposition() == DispositionType.KERNEL)
                .map(entry -> entry.reason().left(entry.item()))
                .toList();
        return Sums.plan(lanes, totals.drivesUsedNow(), Sums.left(left));
    }

    /** Returns in words why a device has its disposition. */
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
     * @param waitsFor the names of the nearest dependents that have a driver
     * @param reason why it has this disposition
     * @param usedNow the present users that release it during the shutdown
     * @param steps what will be done, in order; empty if it is left to the kernel
     * @param phase in which phase it goes down, as far as that can be foreseen; nothing if it does not by us
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
            Optional<Double> latency) {
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

        /** Returns what it waits for in a few words: up to two names, or one and the number of the others. */
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
     * @param parallel how many devices go down in parallel
     * @param serial how many go down one by one
     * @param kernel how many are left to the kernel; bridges and the like are most of them
     * @param holders how many of these two are holders of disks, which take next to no time
     * @param unknown how many of those that we shut down do not say how long they take
     * @param drives how many drives go down
     * @param drivesParallel how many of these go down in parallel
     * @param drivesSerial how many of these go down one by one
     * @param drivesUsedNow how many of these are in use now
     * @param drivesEarly how many of these go down early
     * @param drivesLeft how many drives are left to the kernel
     * @param expected how long we will take
     * @param kernelAlone how long the kernel's walk over the same devices would take
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
            double kernelAlone) {
        /** Returns whether no device has a known time. */
        public boolean nothingIsKnown() {
            return unknown == parallel + serial - holders;
        }
    }
}
