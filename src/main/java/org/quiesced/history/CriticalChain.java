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
 * The critical chain of a device: the dependent whose end let the device's shutdown begin, that dependent's own, and so
 * on.
 */
public final class CriticalChain {
    /**
     * Tolerance, in seconds, by which a device may seem to begin before its dependent ended: times are carried in
     * milliseconds.
     */
    private static final double SLACK = 0.001;

    private final Map<String, DeviceRecord> devices = new HashMap<>();
    private final ShutdownRecord record;

    /** Creates the chains of a shutdown. */
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

    /** Returns the chain of a device as text, with a legend like that of {@code systemd-analyze critical-chain}. */
    public List<String> lines(DeviceRecord device) {
        List<String> lines = new ArrayList<>(List.of(
                "The time at which the shutdown of a device began is printed after the \"@\" character.",
                "The time that the device took is printed after the \"+\" character.",
                ""));
        add(lines, device, 0, new HashSet<>());
        return lines;
    }

    private void add(List<String> lines, DeviceRecord device, int depth, Set<String> seen) {
        String indent = depth == 0 ? "" : "  ".repeat(depth - 1) + "└─";
        lines.add(indent
                + device.label()
                + device.start().map(at -> " @" + RecordText.seconds(at)).orElse("")
                + device.took().map(time -> " +" + RecordText.seconds(time)).orElse("")
                + (device.outcome() == Outcome.DOWN
                        ? ""
                        : " (" + device.outcome().word() + ")"));
        if (seen.add(device.device())) {
            waitedFor(device).ifPresent(before -> add(lines, before, depth + 1, seen));
        }
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
