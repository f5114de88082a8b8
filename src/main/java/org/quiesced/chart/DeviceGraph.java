// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.history.WalkLog;
import org.quiesced.report.DeviceEntry;
import org.quiesced.report.PlanJson;

/**
 * The graph of devices and the devices that they wait for.
 *
 * @param <D> the type of the devices
 * @param devices the devices, in the order of discovery
 * @param edges the edges, in the same order
 */
public record DeviceGraph<D extends DeviceEntry>(List<D> devices, List<Edge<D>> edges) {
    /**
     * A device that waits for another.
     *
     * @param <D> the type of the devices
     * @param isChild whether {@code waitsFor} is below the device; otherwise a device link connects them
     */
    public record Edge<D>(D device, D waitsFor, boolean isChild) {}

    /** Copies the lists. */
    public DeviceGraph {
        devices = List.copyOf(devices);
        edges = List.copyOf(edges);
    }

    /**
     * Returns the graph of a plan.
     *
     * @param all whether to include devices without a method that wait for no device with one
     */
    public static DeviceGraph<PlanJson.Entry> of(PlanJson plan, boolean all) {
        return of(List.copyOf(plan.devices()), entry -> all || entry.supported());
    }

    /**
     * Returns the graph of a recorded shutdown.
     *
     * @param all whether to include devices that only the kernel's walk shut down
     */
    public static DeviceGraph<DeviceRecord> of(ShutdownRecord record, boolean all) {
        return of(all ? WalkLog.devicesOf(record) : record.devices(), device -> true);
    }

    private static <D extends DeviceEntry> DeviceGraph<D> of(List<D> entries, Predicate<D> isWanted) {
        List<Edge<D>> edges = edges(entries);
        Set<String> shown = new LinkedHashSet<>();
        Map<String, List<Edge<D>>> waiting = new HashMap<>();
        edges.forEach(edge -> waiting.computeIfAbsent(edge.waitsFor().path(), path -> new ArrayList<>())
                .add(edge));
        ArrayDeque<String> open = new ArrayDeque<>();
        entries.stream().filter(isWanted).map(DeviceEntry::path).forEach(open::add);
        while (!open.isEmpty()) {
            String path = open.remove();
            if (shown.add(path)) {
                waiting.getOrDefault(path, List.of())
                        .forEach(edge -> open.add(edge.device().path()));
            }
        }
        return new DeviceGraph<>(
                entries.stream().filter(entry -> shown.contains(entry.path())).toList(),
                edges.stream()
                        .filter(edge -> shown.contains(edge.device().path())
                                && shown.contains(edge.waitsFor().path()))
                        .toList());
    }

    private static <D extends DeviceEntry> List<Edge<D>> edges(List<D> entries) {
        Map<String, List<D>> byName = new HashMap<>();
        entries.forEach(entry -> byName.computeIfAbsent(entry.device(), name -> new ArrayList<>())
                .add(entry));
        List<Edge<D>> edges = new ArrayList<>();
        for (D entry : entries) {
            for (String name : entry.waitsFor()) {
                dependent(entry, byName.getOrDefault(name, List.of()))
                        .ifPresent(found -> edges.add(new Edge<>(entry, found, isBelow(found, entry))));
            }
        }
        return edges;
    }

    /**
     * Finds a dependent by its name. Devices of different buses may have the same name; one below the device has
     * precedence.
     */
    private static <D extends DeviceEntry> Optional<D> dependent(D entry, List<D> named) {
        return named.stream()
                .filter(other -> isBelow(other, entry))
                .findFirst()
                .or(() -> named.stream()
                        .filter(other -> !other.path().equals(entry.path()))
                        .findFirst());
    }

    private static boolean isBelow(DeviceEntry lower, DeviceEntry upper) {
        return !upper.path().isEmpty() && lower.path().startsWith(upper.path() + "/");
    }
}
