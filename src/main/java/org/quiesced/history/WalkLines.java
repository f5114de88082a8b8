// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quiesced.device.Printable;
import org.quiesced.report.Outcome;

/** Extracts the kernel's walk over the devices from a kernel log. Lines may come in any order and repeatedly. */
final class WalkLines {
    /**
     * With {@code initcall_debug} the walk names each device right before it calls a callback ({@code device_shutdown}
     * in drivers/base/core.c); {@code dev_printk} puts the driver before the name, or the bus or the class where there
     * is no driver.
     */
    private static final Pattern NAMED = Pattern.compile("^(\\S.*?) (\\S+): shutdown(?:_pre)?$");

    /**
     * Messages of the {@code sd} driver when it shuts a disk down, in the walk or when it is unbound ({@code
     * sd_shutdown}).
     */
    private static final Pattern SD =
            Pattern.compile("^(sd) (\\d+:\\d+:\\d+:\\d+): \\[\\S+\\] (?:Synchronizing SCSI cache|Stopping disk)$");

    /** Minimum time of a listed device that is not in the record, in seconds; others are only counted. */
    private static final double SHORTEST_STEP = 0.001;

    /** Maximum number of listed devices, because a log may have any size. */
    private static final int MOST = 200;

    private final List<Line> lines = new ArrayList<>();

    /** A line of the log, at seconds of the log's clock. */
    private record Line(double at, String driver, String device, boolean isNamed) {}

    /** Reads a line of the log, at seconds of the log's clock. Any process that can write to it can forge a line. */
    void read(double at, String text) {
        Matcher named = NAMED.matcher(text);
        Matcher sd = SD.matcher(text);
        if (named.matches()) {
            lines.add(new Line(at, Printable.of(named.group(1)), Printable.of(named.group(2)), true));
        } else if (sd.matches()) {
            lines.add(new Line(at, sd.group(1), sd.group(2), false));
        }
    }

    /**
     * Returns the walk of a shutdown; empty if the log does not contain it.
     *
     * @param record the record, with its marks and outcomes
     * @param asked time of the shutdown request, in seconds of the log's clock
     */
    Optional<WalkLog> walk(ShutdownRecord record, double asked) {
        boolean areNamed = lines.stream().anyMatch(Line::isNamed);
        boolean isWhole = areNamed && record.at(Mark.WALK).isPresent();
        List<WalkLog.Step> steps = steps(record, asked, areNamed);
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(new WalkLog(isWhole, steps.size(), kept(record, steps)));
    }

    private List<WalkLog.Step> steps(ShutdownRecord record, double asked, boolean areNamed) {
        Map<String, DeviceRecord> known = new HashMap<>();
        record.devices().forEach(device -> known.put(device.device(), device));
        double begin = record.at(Mark.WALK).or(() -> record.at(Mark.END)).orElse(Double.POSITIVE_INFINITY);
        List<Line> ordered = lines.stream()
                .filter(line -> line.isNamed() || !areNamed && line.at() - asked >= begin)
                .distinct()
                .sorted(Comparator.comparingDouble(Line::at))
                .toList();
        Map<String, WalkLog.Step> steps = new LinkedHashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            Line line = ordered.get(i);
            if (isOfTheWalk(line, Optional.ofNullable(known.get(line.device())))) {
                Optional<Double> to = areNamed && !record.kernelIsParallel()
                        ? end(ordered, i, asked).or(() -> record.at(Mark.RESTART))
                        : Optional.empty();
                steps.merge(
                        line.device(),
                        new WalkLog.Step(line.device(), line.driver(), line.at() - asked, to),
                        (first, second) ->
                                new WalkLog.Step(first.device(), second.driver(), first.from(), second.to()));
            }
        }
        return List.copyOf(steps.values());
    }

    /**
     * Returns the end of a step, which is the next line about another device: the walk calls one callback after the
     * other, and names none of them while another runs.
     */
    private static Optional<Double> end(List<Line> ordered, int index, double asked) {
        OptionalDouble next = ordered.subList(index + 1, ordered.size()).stream()
                .filter(line -> !line.device().equals(ordered.get(index).device()))
                .mapToDouble(Line::at)
                .findFirst();
        return next.isPresent() ? Optional.of(next.getAsDouble() - asked) : Optional.empty();
    }

    /**
     * Returns whether a line is about the walk. A device whose driver quiesced has unbound is named with its bus. A
     * message of {@code sd} about a disk in flight may come from quiesced's unbind.
     */
    private static boolean isOfTheWalk(Line line, Optional<DeviceRecord> device) {
        return device.isEmpty()
                || device.get().driver().equals(line.driver())
                        && (line.isNamed() || device.get().outcome() == Outcome.KERNEL);
    }

    private static List<WalkLog.Step> kept(ShutdownRecord record, List<WalkLog.Step> steps) {
        List<String> known = record.devices().stream().map(DeviceRecord::device).toList();
        return steps.stream()
                .filter(step -> known.contains(step.device())
                        || step.took().filter(time -> time < SHORTEST_STEP).isEmpty())
                .sorted(Comparator.comparingDouble(step -> -step.took().orElse(0.0)))
                .limit(MOST)
                .sorted(Comparator.comparingDouble(WalkLog.Step::from))
                .toList();
    }
}
