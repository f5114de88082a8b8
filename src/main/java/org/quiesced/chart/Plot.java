// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Mark;
import org.quiesced.history.Phases;
import org.quiesced.history.RecordText;
import org.quiesced.history.ReplacedWalk;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.history.StoppedUnits;
import org.quiesced.history.TimeText;
import org.quiesced.history.Untimed;
import org.quiesced.history.WalkLog;

/**
 * A shutdown as a picture in SVG: its phases, a lane for each unit that took long to stop and for each device, and on a
 * second time line the serial walk that was replaced. The same record gives the same picture.
 */
public final class Plot {
    /** Minimum height of a lane with text of normal size, in pixels. */
    static final double SPACIOUS = 14;

    private static final double MARGIN = 14;
    private static final double PANEL = 520;
    private static final double SECOND_PANEL = 380;
    private static final double TIMES = 64;
    private static final double LETTER = 6.6;
    private static final double SMALL_LETTER = 6.2;
    private static final int LONGEST_LABEL = 34;
    private static final double LINE = 17;
    private static final double BAND = 20;

    /** The marks that are drawn, with their labels. */
    private static final Map<Mark, String> MOMENTS =
            Map.of(Mark.NETWORK, "network", Mark.EARLY, "early", Mark.LATE, "late", Mark.EXITRD, "exitrd");

    private final ShutdownRecord record;
    private final List<DeviceRecord> devices;
    private final List<StoppedUnits.Unit> units;
    private final List<String> sentences;
    private final ReplacedWalk replaced;
    private final Map<String, ReplacedWalk.Step> replacedSteps;
    private final Svg svg = new Svg();
    private final Axis shutdown;
    private final Axis both;
    private final double lane;
    private double y = MARGIN;

    private Plot(ShownShutdown shown, ZoneId zone) {
        this.record = shown.record();
        this.sentences = new ArrayList<>(TimeText.page(shown, zone).lines());
        shown.versions().ifPresent(sentences::add);
        this.replaced = ReplacedWalk.of(record);
        this.replacedSteps = replaced.byDevice();
        this.devices = WalkLog.devicesOf(record);
        this.units = record.units().map(StoppedUnits::slowest).orElse(List.of());
        int lanes = lanes();
        this.lane = lanes <= 40 ? 18 : lanes <= 80 ? SPACIOUS : 11;
        int longest = Stream.concat(
                        devices.stream().map(DeviceRecord::label),
                        units.stream().map(StoppedUnits.Unit::unit))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        double names = LETTER * Math.min(LONGEST_LABEL, longest) + MARGIN;
        double end = end();
        this.shutdown = new Axis(end, MARGIN + names, PANEL);
        this.both = new Axis(
                Math.max(end, replaced.end().orElse(0.0)), shutdown.left() + PANEL + TIMES + MARGIN, SECOND_PANEL);
    }

    /**
     * Returns the lines of the image.
     *
     * @param zone the time zone of the date
     */
    public static List<String> of(ShownShutdown shown, ZoneId zone) {
        return new Plot(shown, zone).draw();
    }

    private int lanes() {
        return devices.size() + units.size();
    }

    private double end() {
        double end = Stream.concat(
                        record.marks().values().stream(), units.stream().map(StoppedUnits.Unit::to))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        for (DeviceRecord device : devices) {
            end = Math.max(
                    end, device.end().or(device::removal).or(device::start).orElse(0.0));
        }
        return end;
    }

    private List<String> draw() {
        double right = both.left() + both.width();
        for (int i = 0; i < sentences.size(); i++) {
            String style = i == 0 ? "head" : "sub";
            y += LINE;
            svg.limited(MARGIN, y, Svg.Anchor.START, style, sentences.get(i), (int) ((right - MARGIN) / LETTER));
        }
        y += MARGIN;
        heads();
        double top = y;
        bands();
        moments();
        axes(top);
        units.forEach(this::lane);
        devices.forEach(this::lane);
        if (devices.isEmpty()) {
            y += LINE;
            svg.text(shutdown.left(), y, Svg.Anchor.START, "sub", "No device is known that quiesced has a method for.");
        }
        y += MARGIN;
        legend(right);
        Svg whole = new Svg();
        whole.box(0, 0, right + MARGIN, y + MARGIN, "paper", "");
        List<String> definitions = new ArrayList<>(PlotStyle.definitions());
        definitions.addAll(whole.shapes());
        return svg.picture(right + MARGIN, y + MARGIN, sentences.get(0), definitions);
    }

    private void heads() {
        y += LINE - 4;
        svg.text(shutdown.left(), y, Svg.Anchor.START, "name", "The shutdown, device by device");
        String alone = replaced.end()
                .map(end -> "The kernel alone (grey): until " + RecordText.seconds(end) + "; with quiesced: "
                        + (record.isComplete() ? RecordText.seconds(shutdown.end()) : "unknown"))
                .orElse(Untimed.isAll(record) ? "The devices' times are unknown" : "No device is known to take time");
        svg.text(both.left(), y, Svg.Anchor.START, "name", alone);
        y += 6;
    }

    /** Draws the phases of the whole shutdown. */
    private void bands() {
        int number = 0;
        for (Phases.Part part : Phases.of(record).parts()) {
            double from = shutdown.x(part.from());
            double width = shutdown.x(part.to()) - from;
            String words = part.name() + " " + RecordText.seconds(part.took());
            svg.box(from, y, width, BAND, "band" + number++ % 2, words);
            if (width > words.length() * LETTER) {
                svg.text(from + width / 2, y + BAND * 0.7, Svg.Anchor.MIDDLE, "name", words);
            } else if (width > part.name().length() * LETTER) {
                svg.text(from + width / 2, y + BAND * 0.7, Svg.Anchor.MIDDLE, "name", part.name());
            }
        }
        y += BAND;
    }

    /** Draws the marks at which phases begin, with labels that do not overlap. */
    private void moments() {
        double bottom = y + 2 * LINE + lanes() * lane;
        double free = shutdown.left();
        for (Map.Entry<Mark, Double> moment : record.marks().entrySet()) {
            Optional<String> name = Optional.ofNullable(MOMENTS.get(moment.getKey()));
            double x = shutdown.x(moment.getValue());
            if (name.isPresent()) {
                svg.upright(x, y, bottom, "mark");
                double wide = name.get().length() * LETTER + 4;
                double from = Math.min(Math.max(free, x + 3), shutdown.left() + PANEL + TIMES - wide);
                svg.text(from, y + 11, Svg.Anchor.START, "tick", name.get());
                free = from + wide;
            }
        }
        y += LINE;
    }

    private void axes(double top) {
        double bottom = y + LINE + lanes() * lane;
        for (Axis axis : List.of(shutdown, both)) {
            for (Axis.Tick tick : axis.ticks()) {
                svg.upright(tick.x(), y + LINE - 4, bottom, "grid");
                svg.text(tick.x(), y + LINE - 7, Svg.Anchor.MIDDLE, "tick", tick.label());
            }
        }
        svg.upright(shutdown.left(), top, bottom, "grid");
        y += LINE;
    }

    private void lane(StoppedUnits.Unit unit) {
        labels(unit.unit(), Optional.of(unit.took()));
        double from = shutdown.x(Math.max(0, unit.from()));
        String title = unit.unit() + ": stopped after " + RecordText.seconds(unit.took());
        svg.box(from, y + lane * 0.15, shutdown.x(unit.to()) - from, lane * 0.7, PlotStyle.UNIT, title);
        y += lane;
    }

    private void lane(DeviceRecord device) {
        labels(device.label(), device.tookIn(record));
        new PlotLane(svg, record, shutdown, both, y, lane)
                .draw(device, Optional.ofNullable(replacedSteps.get(device.path())));
        y += lane;
    }

    /** Writes the name of a lane before it, and its time behind it. */
    private void labels(String name, Optional<Double> took) {
        String style = lane < SPACIOUS ? "dense" : "name";
        double text = y + lane * 0.72;
        svg.level(MARGIN, both.left() + both.width(), y + lane, "lane");
        svg.limited(shutdown.left() - MARGIN / 2, text, Svg.Anchor.END, style, name, LONGEST_LABEL);
        took.ifPresent(time ->
                svg.text(shutdown.left() + PANEL + TIMES - 8, text, Svg.Anchor.END, style, RecordText.seconds(time)));
    }

    private void legend(double right) {
        double x = MARGIN;
        List<PlotStyle.Entry> used = PlotStyle.LEGEND.stream()
                .filter(entry -> svg.has(entry.style()))
                .toList();
        for (PlotStyle.Entry entry : used) {
            double wide = 34 + entry.text().length() * SMALL_LETTER;
            if (x + wide > right) {
                x = MARGIN;
                y += LINE;
            }
            svg.box(x, y, 22, 11, entry.style(), "");
            svg.text(x + 28, y + 9.5, Svg.Anchor.START, "name", entry.text());
            x += wide;
        }
        y += LINE;
    }
}
