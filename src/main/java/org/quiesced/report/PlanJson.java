// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.quiesced.kernel.HolderKind;

/**
 * The JSON of a plan. Times are in seconds.
 *
 * @param verb poweroff, reboot, halt or kexec
 * @param kernelWalk how the kernel shuts down the devices that are left to it, {@code serial} or {@code asynchronous}
 * @param handover whether the hook returns when all remaining devices are in flight
 * @param devices the devices that have a driver, in the order of discovery
 * @param warnings dependency cycles
 * @param summary the totals of drives in words
 * @param totals the totals
 */
public record PlanJson(
        String verb,
        String kernelWalk,
        boolean handover,
        List<Entry> devices,
        List<ReasonJson> warnings,
        String summary,
        Totals totals) {
    /** The phase of the drives that contain the root file system. */
    static final String EXITRD = "exitrd";

    /**
     * One device.
     *
     * @param label its name, and that of its controller or disk
     * @param supported whether there is a method for it
     * @param drive whether it is a drive; summaries count drives
     * @param waitsFor the names of the nearest dependents that have a driver
     * @param reason the reason of its disposition
     * @param usedNow its present user, which releases it at shutdown
     * @param phase the expected phase of its shutdown, {@code early}, {@code late} or {@code exitrd}; empty if it is
     *     left to the kernel
     */
    public record Entry(
            String device,
            String path,
            String label,
            String driver,
            String disposition,
            boolean supported,
            boolean drive,
            Optional<String> method,
            List<String> steps,
            List<String> waitsFor,
            ReasonJson reason,
            Optional<UsedNow> usedNow,
            Optional<String> phase,
            Optional<Double> latency) {
        /** Returns the reason of the disposition in words. */
        public String why() {
            return usedNow.map(now -> "in use now (" + now.describe() + "); free "
                            + (phase.equals(Optional.of(EXITRD)) ? "in the exitrd" : "at shutdown")
                            + now.lateBecause()
                                    .map(partition -> ", but late: nobody uses " + partition + " now")
                                    .orElse("")
                            + (now.earlyWith().isEmpty()
                                    ? ""
                                    : ", early with " + HolderKind.line(ReasonDetails.kinds(now.earlyWith()))))
                    .orElseGet(() -> isOptedInSerially() ? "opted in, one by one" : reason.describe());
        }

        /** Returns the name of its controller or disk, which is in parentheses in the label. */
        public Optional<String> alias() {
            int parenthesis = label.indexOf(" (");
            return parenthesis < 0
                    ? Optional.empty()
                    : Optional.of(label.substring(parenthesis + 2, label.length() - 1));
        }

        private boolean isOptedInSerially() {
            return reason.type() == ReasonType.OPTED_IN && disposition.equals("serial");
        }

        /** Returns up to two names that it waits for, or one and the number of the others. */
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
    }

    /**
     * Counts of devices and drives, and times.
     *
     * @param parallel number of devices that are shut down in parallel
     * @param serial number of devices that are shut down one by one
     * @param kernel number of devices that are left to the kernel, mostly bridges and the like
     * @param holders number of devices of {@code parallel} and {@code serial} that are holders of disks, which take
     *     almost no time
     * @param unknown number of devices that quiesced shuts down whose time is unknown
     * @param drives number of drives that are shut down
     * @param drivesUsedNow number of these that are in use now
     * @param drivesEarly number of these that are shut down early
     * @param drivesLeft number of drives that are left to the kernel
     * @param expected the expected time of quiesced
     * @param kernelAlone the expected time of the kernel's walk over the same devices
     */
    public record Totals(
            long parallel,
            long serial,
            long kernel,
            long holders,
            long unknown,
            long drives,
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
