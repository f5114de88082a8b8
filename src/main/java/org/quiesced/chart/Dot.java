// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.quiesced.report.DeviceEntry;

/** Writes a graph of devices in the language of dot(1). */
final class Dot {
    static final String DARK = "style=filled, fillcolor=\"#1d3f5e\", fontcolor=white";
    static final String LIGHT = "style=filled, fillcolor=\"#c5d3de\"";
    static final String DASHED = "style=dashed";

    private Dot() {}

    /**
     * The appearance of a device.
     *
     * @param text the text below its label
     * @param style its attributes
     * @param tooltip its tooltip
     */
    record Node(String text, String style, String tooltip) {}

    /** Returns the lines of a graph. */
    static <D extends DeviceEntry> List<String> lines(String title, DeviceGraph<D> graph, Function<D, Node> look) {
        List<String> lines = new ArrayList<>(List.of(
                "digraph shutdown {",
                "\tlabel="
                        + quoted(title + ": an arrow leads to what a device waits for, a dashed one"
                                + " to what needs it by a device link.")
                        + ";",
                "\trankdir=LR;",
                "\tnode [shape=box, fontname=\"sans-serif\", fontsize=10];",
                "\tedge [arrowsize=0.7];"));
        for (D device : graph.devices()) {
            Node node = look.apply(device);
            lines.add("\t" + id(device) + " [label=" + quoted(device.label() + "\n" + node.text()) + ", " + node.style()
                    + ", tooltip=" + quoted(node.tooltip()) + "];");
        }
        for (DeviceGraph.Edge<D> edge : graph.edges()) {
            lines.add("\t" + id(edge.device()) + " -> " + id(edge.waitsFor())
                    + (edge.isChild() ? "" : " [style=dashed]") + ";");
        }
        lines.add("}");
        return lines;
    }

    private static String id(DeviceEntry device) {
        return quoted(device.path().isEmpty() ? device.device() : device.path());
    }

    /** Returns a text as a quoted string, with line ends as escape sequences. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            switch (point) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> quoted.appendCodePoint(Character.isISOControl(point) ? '\uFFFD' : point);
            }
        });
        return quoted.append('"').toString();
    }
}
