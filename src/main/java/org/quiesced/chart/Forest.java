// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.quiesced.report.DeviceEntry;

/**
 * Arranges the devices of a graph by their paths.
 *
 * @param <D> the type of the devices
 * @param <N> the type of the nodes
 */
final class Forest<D extends DeviceEntry, N> {
    private final Factory<D, N> factory;
    private final Set<String> paths = new HashSet<>();
    private final Map<String, List<D>> children = new HashMap<>();
    private final Map<String, List<String>> consumers = new HashMap<>();

    /** Creates a node. */
    @FunctionalInterface
    interface Factory<D, N> {
        /**
         * Returns the node of a device.
         *
         * @param consumers the labels of the devices that need it by a device link
         * @param children the nodes below it
         */
        N node(D device, List<String> consumers, List<N> children);
    }

    private Forest(DeviceGraph<D> graph, Factory<D, N> factory) {
        this.factory = factory;
        graph.devices().forEach(device -> paths.add(device.path()));
        graph.devices()
                .forEach(device -> children.computeIfAbsent(above(device.path()), path -> new ArrayList<>())
                        .add(device));
        graph.edges().stream()
                .filter(edge -> !edge.isChild())
                .forEach(edge -> consumers
                        .computeIfAbsent(edge.device().path(), path -> new ArrayList<>())
                        .add(edge.waitsFor().label()));
    }

    /** Returns the nodes of the devices that are below no other. */
    static <D extends DeviceEntry, N> List<N> of(DeviceGraph<D> graph, Factory<D, N> factory) {
        return new Forest<>(graph, factory).nodes("");
    }

    /** Returns the path of the nearest ancestor; empty if there is none. */
    private String above(String path) {
        String above = path;
        do {
            above = above.substring(0, Math.max(0, above.lastIndexOf('/')));
        } while (!above.isEmpty() && !paths.contains(above));
        return above;
    }

    private List<N> nodes(String path) {
        return children.getOrDefault(path, List.of()).stream()
                .map(device -> factory.node(
                        device,
                        consumers.getOrDefault(device.path(), List.of()),
                        // A device whose path is unknown has nothing below it.
                        device.path().isEmpty() ? List.of() : nodes(device.path())))
                .toList();
    }

    /** Returns the cell of a table with labels; a hyphen if there are none. */
    static String cell(List<String> labels) {
        return labels.isEmpty() ? "-" : String.join(", ", labels);
    }

    /**
     * Visits all nodes from the top to the bottom.
     *
     * @param row receives the branches of the tree to the left of the node, and the node
     */
    static <N> void draw(List<N> roots, Function<N, List<N>> children, BiConsumer<String, N> row) {
        roots.forEach(root -> draw(root, "", "", children, row));
    }

    private static <N> void draw(
            N node, String branch, String below, Function<N, List<N>> children, BiConsumer<String, N> row) {
        row.accept(branch, node);
        List<N> lower = children.apply(node);
        for (int i = 0; i < lower.size(); i++) {
            boolean isLast = i == lower.size() - 1;
            draw(lower.get(i), below + (isLast ? "└─" : "├─"), below + (isLast ? "  " : "│ "), children, row);
        }
    }
}
