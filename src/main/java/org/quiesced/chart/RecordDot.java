// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.time.ZoneId;
import java.util.List;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.RecordText;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.ShutdownRecord;

/** Formats a recorded shutdown as a graph in the language of dot(1). */
public final class RecordDot {
    private RecordDot() {}

    /** Returns the lines of the graph; an arrow leads from a device to one that it waits for. */
    public static List<String> of(ShownShutdown shown, DeviceGraph<DeviceRecord> graph, ZoneId zone) {
        return Dot.lines(shown.title(zone), graph, device -> node(device, shown.record()));
    }

    private static Dot.Node node(DeviceRecord device, ShutdownRecord record) {
        String text = device.driver() + ": " + device.outcome().word()
                + device.phase().map(phase -> ", " + phase).orElse("")
                + device.tookIn(record)
                        .map(time -> ", " + RecordText.seconds(time))
                        .orElse("");
        return new Dot.Node(text, style(device), RecordText.outcome(device));
    }

    private static String style(DeviceRecord device) {
        return switch (device.outcome()) {
            case DOWN -> Dot.DARK;
            case NOT_STOPPED, NOT_NOTIFIED, UNCONFIRMED, IN_FLIGHT, UNKNOWN -> Dot.LIGHT;
            case KERNEL -> Dot.DASHED;
        };
    }
}
