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
import org.quiesced.report.PlanJson;

/**
 * The graph of a plan's devices and the devices that they wait for.
 *
 * @param devices the devices, in the order of discovery
 * @param edges the edges, in the same order
 */
public record PlanGraph(List<PlanJson.Entry> devices, List<Edge> edges) {
    /**
     * A device that waits for another.
     *
     * @param isChild whether {@code waitsFor} is below the device; otherwise a device link connects them
     */
    public record Edge(PlanJson.Entry device, PlanJson.Entry waitsFor, boolean isChild) {}

    /** Copies the lists. */
    public PlanGraph {
        devices = List.copyOf(devices);
        edges = List.copyOf(edges);
    }

    /**
     * Returns the graph of a plan.
     *
     * @param all whether to include devices without a method that wait for no device with one
     */
    public static PlanGraph of(PlanJson plan, boolean all) {
        List<PlanJson.Entry> entries = List.copyOf(plan.devices());
        List<Edge> edges = edges(entries);
        Set<String> shown = new LinkedHashSet<>();
        Map<String, List<Edge>> waiting = new HashMap<>();
        edges.forEach(edge -> waiting.computeIfAbsent(edge.waitsFor().path(), path -> new ArrayList<>())
                .add(edge));
        ArrayDeque<String> open = new ArrayDeque<>();
        entries.stream()
                .filter(entry -> all || entry.supported())
                .map(PlanJson.Entry::path)
                .forEach(open::add);
        while (!open.isEmpty()) {
            String path = open.remove();
            if (shown.add(path)) {
                waiting.getOrDefault(path, List.of())
                        .forEach(edge -> open.add(edge.device().path()));
            }
        }
        return new PlanGraph(
                entries.stream().filter(entry -> shown.contains(entry.path())).toList(),
                edges.stream()
                        .filter(edge -> shown.contains(edge.device().path())
                                && shown.contains(edge.waitsFor().path()))
                        .toList());
    }

    private static List<Edge> edges(List<PlanJson.Entry> entries) {
        Map<String, List<PlanJson.Entry>> byName = new HashMap<>();
        entries.forEach(entry -> byName.computeIfAbsent(entry.device(), name -> new ArrayList<>())
                .add(entry));
        List<Edge> edges = new ArrayList<>();
        for (PlanJson.Entry entry : entries) {
            for (String name : entry.waitsFor()) {
                dependent(entry, byName.getOrDefault(name, List.of()))
                        .ifPresent(found -> edges.add(new Edge(entry, found, isBelow(found, entry))));
            }
        }
        return edges;
    }

    /**
     * Finds a dependent by its name. Devices of different buses may have the same name; one below the device has
     * precedence.
     */
    private static Optional<PlanJson.Entry> dependent(PlanJson.Entry entry, List<PlanJson.Entry> named) {
        return named.stream()
                .filter(other -> isBelow(other, entry))
                .findFirst()
                .or(() -> named.stream()
                        .filter(other -> !other.path().equals(entry.path()))
                        .findFirst());
    }

    private static boolean isBelow(PlanJson.Entry lower, PlanJson.Entry upper) {
        return lower.path().startsWith(upper.path() + "/");
    }
}
