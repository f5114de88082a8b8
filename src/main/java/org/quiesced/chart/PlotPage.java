// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.history.ReportText;
import org.quiesced.history.ShownShutdown;

/** Formats a shutdown as one HTML page without external resources: the image, and the report as text. */
public final class PlotPage {
    private PlotPage() {}

    /**
     * Returns the lines of the page.
     *
     * @param zone the time zone of the date
     */
    public static List<String> of(ShownShutdown shown, ZoneId zone) {
        List<String> lines = new ArrayList<>(List.of(
                "<!DOCTYPE html>",
                "<html lang=\"en\">",
                "<head>",
                "<meta charset=\"utf-8\">",
                "<meta http-equiv=\"Content-Security-Policy\""
                        + " content=\"default-src 'none'; style-src 'unsafe-inline'\">",
                "<meta name=\"viewport\" content=\"width=device-width\">",
                "<title>" + Markup.escape(shown.title(zone)) + "</title>",
                "<style>body { margin: 1em; background: #fff; color: #111 } svg { max-width: 100%; height: auto }"
                        + " pre { overflow-x: auto }</style>",
                "</head>",
                "<body>"));
        lines.addAll(Plot.of(shown, zone));
        lines.add("<pre>");
        ReportText.page(shown, zone).lines().forEach(line -> lines.add(Markup.escape(line)));
        lines.addAll(List.of("</pre>", "</body>", "</html>"));
        return lines;
    }
}
