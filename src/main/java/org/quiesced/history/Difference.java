// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The differences of two shutdowns.
 *
 * @param one the shutdown to compare with
 * @param other the one that is compared
 * @param parts the whole, and its parts that are known in both
 * @param devices the devices whose times are known in both, in descending order of the change
 */
public record Difference(Shutdown one, Shutdown other, List<Part> parts, List<Changed> devices) {
    /** The name of the whole. */
    private static final String WHOLE = "shutdown";

    /** Copies the lists. */
    public Difference {
        parts = List.copyOf(parts);
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
     * The whole of both shutdowns, or a part of it. Times are in seconds.
     *
     * @param name {@code shutdown}, or the name of a {@link Phases.Part}
     * @param from its duration in the first
     * @param to its duration in the second
     * @param change the difference; negative if the second was faster
     */
    public record Part(String name, double from, double to, double change) {
        private static Part of(String name, double from, double to) {
            return new Part(name, from, to, to - from);
        }
    }

    /**
     * A device in both shutdowns. Times are in seconds.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param from duration of its shutdown in the first, by quiesced or in the kernel's walk
     * @param to duration of its shutdown in the second, likewise
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
                    Optional.ofNullable(before.get(device.path())).flatMap(known -> known.tookIn(one.record()));
            Optional<Double> to = device.tookIn(other.record());
            if (from.isPresent() && to.isPresent()) {
                changes.add(Changed.of(device, from.get(), to.get()));
            }
        }
        changes.sort(Comparator.comparingDouble((Changed changed) -> -changed.change()));
        return new Difference(Shutdown.of(one), Shutdown.of(other), parts(one.record(), other.record()), changes);
    }

    private static List<Part> parts(ShutdownRecord one, ShutdownRecord other) {
        Map<String, Double> before = durations(one);
        List<Part> parts = new ArrayList<>();
        durations(other).forEach((name, to) -> {
            if (before.containsKey(name)) {
                parts.add(Part.of(name, before.get(name), to));
            }
        });
        return parts;
    }

    private static Map<String, Double> durations(ShutdownRecord record) {
        Map<String, Double> durations = new LinkedHashMap<>();
        Phases phases = Phases.of(record);
        phases.took().ifPresent(took -> durations.put(WHOLE, took));
        phases.parts().forEach(part -> durations.put(part.name(), part.took()));
        return durations;
    }
}
