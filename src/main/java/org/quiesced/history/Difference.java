// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The differences of two shutdowns.
 *
 * @param one the shutdown to compare with
 * @param other the one that is compared
 * @param devices the devices whose times are known in both, in descending order of the change
 */
public record Difference(Shutdown one, Shutdown other, List<Changed> devices) {
    /** Copies the list. */
    public Difference {
        devices = List.copyOf(devices);
    }

    /**
     * One of the shutdowns.
     *
     * @param number its number; 0 if it was given as a file
     * @param file the file of its record
     */
    public record Shutdown(int number, String file) {
        private static Shutdown of(RecordFiles.Kept kept) {
            return new Shutdown(kept.number(), kept.file().toString());
        }
    }

    /**
     * A device in both shutdowns. Times are in seconds.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param from duration of its shutdown in the first
     * @param to duration of its shutdown in the second
     * @param change the difference; negative if the second was faster
     */
    public record Changed(
            String device, String path, String label, String driver, double from, double to, double change) {
        private static Changed of(DeviceRecord device, double from, double to) {
            return new Changed(device.device(), device.path(), device.label(), device.driver(), from, to, to - from);
        }
    }

    /** Compares two shutdowns. A device is the same in both if its path is. */
    public static Difference of(RecordFiles.Kept one, RecordFiles.Kept other) {
        Map<String, DeviceRecord> before = new HashMap<>();
        one.record().devices().forEach(device -> before.put(device.path(), device));
        List<Changed> changes = new ArrayList<>();
        for (DeviceRecord device : other.record().devices()) {
            Optional<Double> from =
                    Optional.ofNullable(before.get(device.path())).flatMap(DeviceRecord::took);
            if (from.isPresent() && device.took().isPresent()) {
                changes.add(Changed.of(device, from.get(), device.took().get()));
            }
        }
        changes.sort(Comparator.comparingDouble((Changed changed) -> -changed.change()));
        return new Difference(Shutdown.of(one), Shutdown.of(other), changes);
    }
}
