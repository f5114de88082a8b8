// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Outcome;

/**
 * The critical chain of a device: the dependent that it waited for last, the dependent that this one waited for last,
 * and so on.
 */
public final class CriticalChain {
    /**
     * Tolerance, in seconds, by which a device may seem to begin before its dependent ended: times are carried in
     * milliseconds.
     */
    private static final double SLACK = 0.001;

    private final Map<String, DeviceRecord> devices = new HashMap<>();
    private final ShutdownRecord record;

    /**
     * A device of a chain. Times are in seconds since the shutdown request.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param start when its shutdown began; empty if it did not
     * @param took duration of its shutdown; empty if unknown
     * @param outcome its outcome
     */
    public record Link(
            String device,
            String path,
            String label,
            String driver,
            Optional<Double> start,
            Optional<Double> took,
            Outcome outcome) {
        private static Link of(DeviceRecord device) {
            return new Link(
                    device.device(),
                    device.path(),
                    device.label(),
                    device.driver(),
                    device.start(),
                    device.took(),
                    device.outcome());
        }

        private String text() {
            return label
                    + start.map(at -> " @" + RecordText.seconds(at)).orElse("")
                    + took.map(time -> " +" + RecordText.seconds(time)).orElse("")
                    + (outcome == Outcome.DOWN ? "" : " (" + outcome.word() + ")");
        }
    }

    /** Prepares the chains of a shutdown. */
    public CriticalChain(ShutdownRecord record) {
        this.record = record;
        record.devices().forEach(device -> devices.put(device.device(), device));
    }

    /** Returns the device whose shutdown ended last; empty if quiesced shut none down. */
    public Optional<DeviceRecord> last() {
        return record.devices().stream()
                .filter(device -> device.took().isPresent())
                .max(Comparator.comparingDouble(device -> device.end().orElse(0.0)));
    }

    /** Returns the device with a name: its sysfs name, or that of its controller or disk. */
    public Optional<DeviceRecord> find(String name) {
        return record.devices().stream()
                .filter(device -> device.device().equals(name)
                        || device.path().equals(name)
                        || device.label().endsWith("(" + name + ")"))
                .findFirst();
    }

    /**
     * Returns the chain of a device: the device itself, the dependent that it waited for last, and so on. A chain that
     * leads back to one of its devices ends with that device.
     */
    public List<Link> links(DeviceRecord device) {
        List<Link> links = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Optional<DeviceRecord> next = Optional.of(device);
        while (next.isPresent()) {
            DeviceRecord one = next.get();
            links.add(Link.of(one));
            next = seen.add(one.device()) ? waitedFor(one) : Optional.empty();
        }
        return links;
    }

    /**
     * Returns a chain as text, with a legend at its beginning, in the format of {@code systemd-analyze critical-chain}.
     */
    public static List<String> lines(List<Link> links) {
        if (links.isEmpty()) {
            return List.of("No device is known to have been shut down.");
        }
        List<String> lines = new ArrayList<>(List.of(
                "The time at which the shutdown of a device began is printed after the \"@\" character.",
                "The time that the device took is printed after the \"+\" character.",
                ""));
        for (int depth = 0; depth < links.size(); depth++) {
            String indent = depth == 0 ? "" : "  ".repeat(depth - 1) + "└─";
            lines.add(indent + links.get(depth).text());
        }
        return lines;
    }

    /** Returns the dependent that ended last before the device began. */
    private Optional<DeviceRecord> waitedFor(DeviceRecord device) {
        double begin = device.start().orElse(Double.POSITIVE_INFINITY);
        return device.waitsFor().stream()
                .flatMap(name -> Optional.ofNullable(devices.get(name)).stream())
                .filter(dependent ->
                        dependent.end().filter(end -> end <= begin + SLACK).isPresent())
                .max(Comparator.comparingDouble(dependent -> dependent.end().orElse(0.0)));
    }
}
