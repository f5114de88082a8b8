// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import org.quiesced.report.Outcome;
import org.quiesced.report.UnknownTimesText;

/** The devices of a simulated shutdown whose times are unknown, because the machine description has none. */
public final class Untimed {
    private Untimed() {}

    /** Returns whether the time of a device in a simulated shutdown is unknown; false for a recorded shutdown. */
    public static boolean isUntimed(ShutdownRecord record, DeviceRecord device) {
        if (!record.comesFromSimulation() || device.expected().isPresent()) {
            return false;
        }
        return device.outcome().isOurs()
                ? device.took().isEmpty()
                : device.outcome() == Outcome.KERNEL
                        && device.drive()
                        && device.tookInWalk(record).isEmpty();
    }

    /** Returns the devices of a simulated shutdown whose times are unknown; none for a recorded one. */
    public static List<DeviceRecord> of(ShutdownRecord record) {
        return record.devices().stream()
                .filter(device -> isUntimed(record, device))
                .toList();
    }

    /** Returns whether no time of a simulated shutdown is known. */
    public static boolean isAll(ShutdownRecord record) {
        return record.comesFromSimulation()
                && record.at(Mark.END).isEmpty()
                && !of(record).isEmpty();
    }

    /** Returns a sentence about the devices that the known times lack; empty if there are none, or if it is all. */
    static Optional<String> notCounted(ShutdownRecord record) {
        return isAll(record)
                ? Optional.empty()
                : UnknownTimesText.notCounted(of(record).size());
    }

    /** Returns a sentence about unknown times of devices; empty if all are known. */
    public static Optional<String> sentence(ShutdownRecord record) {
        return isAll(record)
                ? Optional.of("The devices' times are " + UnknownTimesText.REASON + ".")
                : notCounted(record);
    }
}
