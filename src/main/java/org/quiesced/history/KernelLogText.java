// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Extracts one shutdown from a kernel log of pstore: the lines of quiesced, and the marks in the messages of
 * systemd-shutdown(8) and the kernel. Lines may come in any order and repeatedly.
 */
final class KernelLogText {
    /** A line of the log; pstore stores it with its severity, {@code dmesg} shows it without. */
    private static final Pattern LINE = Pattern.compile("^(?:<\\d+>)?\\[ *(\\d{1,12}\\.\\d+)\\](?:\\[[^]]*\\])? (.*)$");

    /** A line of quiesced: when it was written, by the monotonic clock, and a {@link CarriedLine}. */
    private static final Pattern OURS = Pattern.compile("^quiesced: record (\\d{1,12}\\.\\d{1,9}) (.*)$");

    /**
     * A message of systemd-shutdown(8), which is named "shutdown" in an exitrd. Its texts: main in
     * src/shutdown/shutdown.c.
     */
    private static final Pattern SYSTEMD = Pattern.compile("^(?:systemd-)?shutdown\\[1\\]: (.*)$");

    private static final Map<String, Mark> SAID_BY_SYSTEMD = Map.of(
            "Syncing filesystems and block devices", Mark.FINAL,
            "Sending SIGTERM to remaining processes", Mark.FINAL,
            "Sending SIGKILL to remaining processes", Mark.KILL,
            "All filesystems unmounted", Mark.UNMOUNTED,
            "Rebooting", Mark.WALK,
            "Powering off", Mark.WALK,
            "Halting system", Mark.WALK);

    /** Messages of the kernel: kernel/reboot.c, kernel/kexec_core.c. */
    private static final Map<String, Mark> SAID_BY_KERNEL = Map.of(
            "reboot: Restarting system", Mark.RESTART,
            "reboot: Power down", Mark.RESTART,
            "reboot: System halted", Mark.RESTART,
            "reboot: Power off not available: System halted instead", Mark.RESTART,
            "kexec_core: Starting new kernel", Mark.RESTART);

    private final CarriedLine.Shutdown shutdown;
    private final List<CarriedLine> carried = new ArrayList<>();
    private final WalkLines walk = new WalkLines();
    private final Map<Mark, List<Double>> seen = new EnumMap<>(Mark.class);
    /** Difference between the log's clock and the monotonic clock, by the line with the smallest delay. */
    private OptionalDouble clockOffset = OptionalDouble.empty();

    /**
     * Parses a log.
     *
     * @param shutdown the shutdown whose lines are selected
     */
    KernelLogText(CarriedLine.Shutdown shutdown, List<String> lines) {
        this.shutdown = shutdown;
        lines.forEach(this::read);
    }

    private void read(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return;
        }
        double at = Double.parseDouble(matcher.group(1));
        String text = matcher.group(2);
        Matcher ours = OURS.matcher(text);
        Matcher systemd = SYSTEMD.matcher(text);
        if (ours.matches()) {
            CarriedLine.parse(ours.group(2))
                    .filter(part -> part.shutdown().is(shutdown))
                    .ifPresent(part -> {
                        carried.add(part);
                        double offset = at - Double.parseDouble(ours.group(1));
                        clockOffset = OptionalDouble.of(Math.min(clockOffset.orElse(offset), offset));
                    });
        } else if (systemd.matches()) {
            note(SAID_BY_SYSTEMD, systemd.group(1), at);
        } else {
            note(SAID_BY_KERNEL, text, at);
            walk.read(at, text);
        }
    }

    /** Notes the mark of a message, by the log's clock. */
    private void note(Map<String, Mark> said, String text, double at) {
        said.forEach((words, mark) -> {
            if (text.startsWith(words)) {
                seen.computeIfAbsent(mark, key -> new ArrayList<>()).add(at);
            }
        });
    }

    /** Returns the lines of quiesced in a log, of any shutdown. */
    static List<CarriedLine> carried(List<String> lines) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> OURS.matcher(line.group(2)))
                .filter(Matcher::matches)
                .flatMap(ours -> CarriedLine.parse(ours.group(2)).stream())
                .toList();
    }

    /** Returns whether the log contains lines of the shutdown. */
    boolean isOfTheShutdown() {
        return !carried.isEmpty();
    }

    /** Returns whether all lines of the last edition are present, of the daemon and of the one-shot command each. */
    boolean isWhole() {
        return carried.stream().collect(Collectors.partitioningBy(CarriedLine::isOfOneShot)).values().stream()
                .allMatch(KernelLogText::isLastEditionWhole);
    }

    private static boolean isLastEditionWhole(List<CarriedLine> ofOneProcess) {
        int last = ofOneProcess.stream().mapToInt(CarriedLine::edition).max().orElse(0);
        List<CarriedLine> edition =
                ofOneProcess.stream().filter(line -> line.edition() == last).toList();
        return edition.isEmpty()
                || edition.stream().map(CarriedLine::number).distinct().count()
                        == edition.get(0).parts();
    }

    /** Returns the progress of the devices, from all editions. */
    List<Progressed> progress() {
        Map<String, Progressed> byName = new HashMap<>();
        inOrder()
                .forEach(line ->
                        line.progress().forEach(device -> byName.merge(device.device(), device, Progressed::then)));
        return List.copyOf(byName.values());
    }

    private List<CarriedLine> inOrder() {
        return carried.stream()
                .sorted((one, other) -> Integer.compare(one.edition(), other.edition()))
                .toList();
    }

    /**
     * Returns all marks, in seconds since the shutdown request. Those in the lines of quiesced have precedence. Of a
     * repeated message, the earliest one since the request counts: systemd-shutdown(8) repeats its messages in an
     * exitrd.
     */
    Map<Mark, Double> marks() {
        Map<Mark, Double> marks = new EnumMap<>(Mark.class);
        double asked = asked();
        seen.forEach((mark, times) -> times.stream()
                .map(at -> at - asked)
                .filter(since -> since >= 0)
                .min(Double::compare)
                .ifPresent(since -> marks.put(mark, since)));
        inOrder().forEach(line -> marks.putAll(line.marks()));
        return marks;
    }

    private double asked() {
        return shutdown.uptime() + clockOffset.orElse(0);
    }

    /**
     * Returns the kernel's own walk; empty if the log names no device.
     *
     * @param record the record, completed with the marks and the progress of this log
     */
    Optional<WalkLog> walk(ShutdownRecord record) {
        return walk.walk(record, asked());
    }
}
