// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Table;

/** Lists the devices of a shutdown by their shutdown time, the longest first. */
public final class Blame {
    private Blame() {}

    /**
     * Returns a table with the total time of each device and its parts: claim and flush; the final check for users; and
     * the removal of its driver or its notification, including a subsequent stop.
     */
    public static List<String> lines(ShutdownRecord record) {
        Table table = new Table(Set.of(0, 1, 2, 3), "TIME", "FLUSH", "CHECK", "REMOVAL", "DEVICE", "DRIVER", "OUTCOME");
        record.devices().stream()
                .filter(device -> device.took().isPresent())
                .sorted(Comparator.comparingDouble(
                        (DeviceRecord device) -> -device.took().orElse(0.0)))
                .forEach(device -> table.row(
                        device.took().map(RecordText::seconds).orElse("-"),
                        between(device.start(), device.flushed()),
                        between(device.flushed().or(device::start), device.removal()),
                        between(device.removal(), device.end()),
                        device.label(),
                        device.driver(),
                        outcome(device)));
        return table.isEmpty() ? List.of("No device is known to have been shut down.") : table.lines();
    }

    private static String between(Optional<Double> from, Optional<Double> to) {
        return from.flatMap(start -> to.map(end -> RecordText.seconds(Math.max(0, end - start))))
                .orElse("-");
    }

    private static String outcome(DeviceRecord device) {
        return device.why().orElse(device.outcome().word())
                + RecordText.slowness(device).map(words -> ": " + words).orElse("");
    }
}
