// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.history.RecordText;
import org.quiesced.report.Column;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Page;
import org.quiesced.report.PhaseType;
import org.quiesced.report.PlanJson;
import org.quiesced.report.ReasonJson;
import org.quiesced.report.Table;

/**
 * The tree of a plan's devices.
 *
 * @param devices the roots
 */
public record PlanTree(List<Node> devices) {
    /**
     * A device.
     *
     * @param consumers the labels of the devices that need it by a device link
     * @param latency its shutdown time at the verb of the plan, in seconds; empty if unknown
     * @param reason why it has its disposition
     * @param usedNow the present users that release it during the shutdown
     * @param children the devices below it
     */
    public record Node(
            String device,
            String path,
            String label,
            String driver,
            DispositionType disposition,
            Optional<PhaseType> phase,
            Optional<Double> latency,
            List<String> consumers,
            ReasonJson reason,
            Optional<PlanJson.UsedNow> usedNow,
            List<Node> children) {
        /** Copies the lists. */
        public Node {
            consumers = List.copyOf(consumers);
            children = List.copyOf(children);
        }
    }

    /** Copies the list. */
    public PlanTree {
        devices = List.copyOf(devices);
    }

    /** Returns the tree of a graph. */
    public static PlanTree of(PlanGraph graph) {
        return new Growth(graph).grown();
    }

    /** The edges of a tree that is being built. */
    private static final class Growth {
        private final Set<String> paths = new HashSet<>();
        private final Map<String, List<PlanJson.Entry>> children = new HashMap<>();
        private final Map<String, List<String>> consumers = new HashMap<>();

        Growth(PlanGraph graph) {
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

        /** Returns the path of the nearest ancestor; empty if there is none. */
        private String above(String path) {
            String above = path;
            do {
                above = above.substring(0, Math.max(0, above.lastIndexOf('/')));
            } while (!above.isEmpty() && !paths.contains(above));
            return above;
        }

        PlanTree grown() {
            return new PlanTree(nodes(""));
        }

        private List<Node> nodes(String path) {
            return children.getOrDefault(path, List.of()).stream()
                    .map(device -> new Node(
                            device.device(),
                            device.path(),
                            device.label(),
                            device.driver(),
                            device.disposition(),
                            device.phase(),
                            device.latency(),
                            consumers.getOrDefault(device.path(), List.of()),
                            device.reason(),
                            device.usedNow(),
                            nodes(device.path())))
                    .toList();
        }
    }

    /** Returns the tree as a table. */
    public Page page() {
        Table table = new Table(
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(2),
                Column.word("DISPOSITION"),
                Column.word("PHASE").leftOut(3),
                Column.number("TIME"),
                Column.text("CONSUMERS", 5).leftOut(1),
                Column.text("WHY", 12));
        devices.forEach(device -> add(table, device, "", ""));
        return table.isEmpty() ? Page.of("There is no device that quiesced has a method for.") : Page.of(table);
    }

    private static void add(Table table, Node node, String branch, String below) {
        table.row(
                branch + node.label(),
                node.driver(),
                node.disposition().word(),
                node.phase().map(PhaseType::word).orElse("-"),
                node.latency().map(RecordText::seconds).orElse("-"),
                node.consumers().isEmpty() ? "-" : String.join(", ", node.consumers()),
                PlanJson.why(node.disposition(), node.reason(), node.usedNow(), node.phase()));
        for (int i = 0; i < node.children().size(); i++) {
            boolean isLast = i == node.children().size() - 1;
            add(table, node.children().get(i), below + (isLast ? "└─" : "├─"), below + (isLast ? "  " : "│ "));
        }
    }
}
