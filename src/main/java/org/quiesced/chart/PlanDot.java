// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.List;
import org.quiesced.report.PlanJson;

/** Formats a plan as a graph in the language of dot(1). */
public final class PlanDot {
    private PlanDot() {}

    /** Returns the lines of the graph; an arrow leads from a device to one that it waits for. */
    public static List<String> of(PlanJson plan, DeviceGraph<PlanJson.Entry> graph) {
        return Dot.lines("Shutdown (" + plan.verb() + ")", graph, PlanDot::node);
    }

    private static Dot.Node node(PlanJson.Entry device) {
        String what = device.disposition().word()
                + device.phase().map(phase -> ", " + phase.word()).orElse("");
        return new Dot.Node(device.driver() + ": " + what, style(device), device.why());
    }

    private static String style(PlanJson.Entry device) {
        return switch (device.disposition()) {
            case PARALLEL -> Dot.DARK;
            case SERIAL -> Dot.LIGHT;
            case KERNEL -> device.supported() ? Dot.DASHED : "color=gray, fontcolor=gray30";
        };
    }
}
