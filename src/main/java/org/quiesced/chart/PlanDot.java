// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.List;
import org.quiesced.report.PlanJson;

/** Formats a plan as a graph in the language of dot(1). */
public final class PlanDot {
    private PlanDot() {}

    /** Returns the lines of the graph; an arrow leads from a device to one that it waits for. */
    public static List<String> of(PlanJson plan, PlanGraph graph) {
        List<String> lines = new ArrayList<>(List.of(
                "digraph shutdown {",
                "\tlabel="
                        + quoted("Shutdown (" + plan.verb()
                                + "): an arrow leads to what a device waits for, a dashed one"
                                + " to what needs it by a device link.")
                        + ";",
                "\trankdir=LR;",
                "\tnode [shape=box, fontname=\"sans-serif\", fontsize=10];",
                "\tedge [arrowsize=0.7];"));
        for (PlanJson.Entry device : graph.devices()) {
            String what = device.disposition().word()
                    + device.phase().map(phase -> ", " + phase.word()).orElse("");
            lines.add("\t" + quoted(device.path()) + " [label="
                    + quoted(device.label() + "\n" + device.driver() + ": " + what) + ", " + style(device)
                    + ", tooltip=" + quoted(device.why()) + "];");
        }
        for (PlanGraph.Edge edge : graph.edges()) {
            lines.add("\t" + quoted(edge.device().path()) + " -> "
                    + quoted(edge.waitsFor().path()) + (edge.isChild() ? "" : " [style=dashed]") + ";");
        }
        lines.add("}");
        return lines;
    }

    private static String style(PlanJson.Entry device) {
        return switch (device.disposition()) {
            case PARALLEL -> "style=filled, fillcolor=\"#1d3f5e\", fontcolor=white";
            case SERIAL -> "style=filled, fillcolor=\"#c5d3de\"";
            case KERNEL -> device.supported() ? "style=dashed" : "color=gray, fontcolor=gray30";
        };
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
