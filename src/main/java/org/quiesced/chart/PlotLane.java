// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.Optional;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.RecordText;
import org.quiesced.history.ReplacedWalk;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.history.Untimed;
import org.quiesced.report.Outcome;

/**
 * Draws one device: its steps on the time axis of the shutdown, and, on a second axis, its total time and its step of
 * the replaced walk.
 *
 * @param shutdown the time axis of the shutdown
 * @param both the time axis that covers the shutdown and the replaced walk
 */
record PlotLane(Svg svg, ShutdownRecord record, Axis shutdown, Axis both, double top, double height) {
    /** Height of a bar, as a fraction of that of the lane. */
    private static final double FULL = 0.7;

    private static final String REMOVAL = "driver's removal, notification";
    private static final double WIDTH_OF_CHARACTER = 6.4;
    private static final double GAP = 4;

    void draw(DeviceRecord device, Optional<ReplacedWalk.Step> replaced) {
        boolean isWalked = device.isWalkedBy(record);
        double end = device.end().orElse(shutdown.end());
        device.start().ifPresent(start -> {
            if (isWalked) {
                bar(start, end, PlotStyle.KERNEL, device, "the kernel's own walk");
            } else if (device.outcome() == Outcome.KERNEL) {
                bar(start, end, PlotStyle.LEFT, device, "tried, and left to the kernel");
            } else {
                steps(device, start, end);
            }
        });
        note(device, isWalked);
        double middle = top + height / 2;
        double half = height * FULL / 2;
        replaced.ifPresent(step -> svg.box(
                both.x(step.from()),
                middle,
                both.x(step.to()) - both.x(step.from()),
                half,
                PlotStyle.REPLACED,
                title(device, "the kernel alone", step.from(), step.to())));
        device.start()
                .filter(start -> isWalked || device.outcome() != Outcome.KERNEL)
                .ifPresent(start -> svg.box(
                        both.x(start),
                        middle - half,
                        both.x(end) - both.x(start),
                        half,
                        isWalked ? PlotStyle.KERNEL : PlotStyle.REMOVAL,
                        title(device, "with quiesced", start, end)));
    }

    private void steps(DeviceRecord device, double start, double end) {
        boolean isOpen = device.end().isEmpty() || device.outcome() == Outcome.IN_FLIGHT;
        double from = start;
        if (device.flushed().isPresent()) {
            double flushed = device.flushed().get();
            bar(from, flushed, PlotStyle.FLUSH, device, "flush");
            from = flushed;
        }
        if (device.removal().isPresent()) {
            double removal = device.removal().get();
            bar(from, removal, PlotStyle.CHECK, device, "check for users");
            from = removal;
        }
        if (device.stop().isPresent()) {
            double stop = device.stop().get();
            bar(from, stop, PlotStyle.REMOVAL, device, REMOVAL);
            bar(stop, end, isOpen ? PlotStyle.FLIGHT : PlotStyle.STOP, device, "stop of the disk");
        } else {
            String what = device.removal().isPresent() ? REMOVAL : "shutdown";
            bar(from, end, isOpen ? PlotStyle.FLIGHT : PlotStyle.REMOVAL, device, what);
        }
    }

    private void bar(double from, double to, String style, DeviceRecord device, String what) {
        double x = shutdown.x(from);
        svg.box(
                x,
                top + height * (1 - FULL) / 2,
                shutdown.x(to) - x,
                height * FULL,
                style,
                title(device, what, from, to));
    }

    private static String title(DeviceRecord device, String what, double from, double to) {
        return device.label() + ": " + what + ", " + RecordText.seconds(Math.max(0, to - from)) + ", from "
                + RecordText.seconds(from) + " to " + RecordText.seconds(to);
    }

    /** Draws the reason why a device is not down, if the lane has room. */
    private void note(DeviceRecord device, boolean isWalked) {
        boolean isUntimed = Untimed.isUntimed(record, device);
        if (device.outcome() == Outcome.DOWN && !isUntimed) {
            return;
        }
        String words = device.outcome() == Outcome.KERNEL
                ? "the kernel's" + device.why().map(why -> ": " + why).orElse("")
                : device.why()
                        .orElse(device.outcome().word().replace('_', ' ') + (isUntimed ? ", its time is unknown" : ""));
        double left = shutdown.x(0);
        double right = shutdown.left() + shutdown.width();
        double begin = shutdown.x(device.start().orElse(shutdown.end()));
        double after = shutdown.x(device.end().orElse(0.0));
        boolean stands = device.start().isEmpty() || begin - left > right - after;
        double from = (stands ? left : isWalked ? Math.min(after, right) : after) + GAP;
        double room = (stands ? begin : right) - from - GAP;
        svg.limited(
                from,
                top + height * 0.72,
                Svg.Anchor.START,
                height < Plot.SPACIOUS ? "note dense" : "note tick",
                words,
                (int) (room / (height < Plot.SPACIOUS ? WIDTH_OF_CHARACTER * 0.8 : WIDTH_OF_CHARACTER)));
    }
}
