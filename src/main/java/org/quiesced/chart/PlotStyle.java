// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.List;

/** The styles of a plot. Patterns distinguish what colours do, so that it is readable in black and white. */
final class PlotStyle {
    static final String FLUSH = "flush";
    static final String CHECK = "check";
    static final String REMOVAL = "removal";
    static final String STOP = "stop";
    static final String FLIGHT = "flight";
    static final String LEFT = "left";
    static final String KERNEL = "kernel";
    static final String REPLACED = "replaced";
    static final String UNIT = "unit";
    /**
     * An entry of the legend.
     *
     * @param style the class of the shapes that it explains
     */
    record Entry(String style, String text) {}

    /** The legend. */
    static final List<Entry> LEGEND = List.of(
            new Entry(UNIT, "unit being stopped"),
            new Entry(FLUSH, "flush"),
            new Entry(CHECK, "check for users"),
            new Entry(REMOVAL, "driver's removal, notification"),
            new Entry(STOP, "stop of a disk"),
            new Entry(FLIGHT, "in flight, end not known"),
            new Entry(LEFT, "tried, left to the kernel"),
            new Entry(KERNEL, "the kernel's own walk"),
            new Entry(REPLACED, "the walk that was replaced"));

    private PlotStyle() {}

    /** Returns the style sheet and the patterns. */
    static List<String> definitions() {
        return List.of(
                "<style>",
                "text { font-family: 'DejaVu Sans', Verdana, Arial, sans-serif; fill: #111 }",
                ".paper { fill: #fff }",
                ".head { font-size: 14px; font-weight: bold }",
                ".sub, .name { font-size: 11px }",
                ".tick { font-size: 10px; fill: #444 }",
                ".dense { font-size: 8.5px }",
                ".note { font-style: italic; fill: #333; stroke: #fff; stroke-width: 3px; paint-order: stroke }",
                ".grid { stroke: #ddd; stroke-width: 0.6 }",
                ".lane { stroke: #eee; stroke-width: 0.6 }",
                ".mark { stroke: #444; stroke-width: 0.8; stroke-dasharray: 3 2 }",
                ".band0 { fill: #f2f2f2; stroke: #666; stroke-width: 0.6 }",
                ".band1 { fill: #dcdcdc; stroke: #666; stroke-width: 0.6 }",
                "." + FLUSH + " { fill: url(#hatch); stroke: #14506e; stroke-width: 0.6 }",
                "." + CHECK + " { fill: url(#dots); stroke: #14506e; stroke-width: 0.6 }",
                "." + REMOVAL + " { fill: #1d3f5e }",
                "." + STOP + " { fill: url(#steps); stroke: #1d3f5e; stroke-width: 0.6 }",
                "." + FLIGHT + " { fill: #b9c9d6; stroke: #1d3f5e; stroke-width: 0.8; stroke-dasharray: 3 2 }",
                "." + LEFT + " { fill: #fff; stroke: #8a2c0d; stroke-width: 0.8; stroke-dasharray: 3 2 }",
                "." + KERNEL + " { fill: url(#bars); stroke: #8a2c0d; stroke-width: 0.6 }",
                "." + REPLACED + " { fill: #999 }",
                "." + UNIT + " { fill: #e8e4d8; stroke: #6b5a1e; stroke-width: 0.8 }",
                "</style>",
                "<defs>",
                "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
                        + "<rect width=\"5\" height=\"5\" fill=\"#fff\"/>"
                        + "<path d=\"M-1 1L1 -1M0 5L5 0M4 6L6 4\" stroke=\"#14506e\" stroke-width=\"1.3\"/></pattern>",
                "<pattern id=\"dots\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
                        + "<rect width=\"4\" height=\"4\" fill=\"#fff\"/>"
                        + "<circle cx=\"2\" cy=\"2\" r=\"0.8\" fill=\"#14506e\"/></pattern>",
                "<pattern id=\"steps\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
                        + "<rect width=\"4\" height=\"4\" fill=\"#fff\"/>"
                        + "<rect width=\"4\" height=\"2\" fill=\"#1d3f5e\"/></pattern>",
                "<pattern id=\"bars\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
                        + "<rect width=\"4\" height=\"4\" fill=\"#fff\"/>"
                        + "<rect width=\"2\" height=\"4\" fill=\"#8a2c0d\"/></pattern>",
                "</defs>");
    }
}
