// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a kernel's log says of one shutdown, as pstore keeps it: our own lines in it, and the moments that
 * systemd-shutdown(8) and the kernel tell of. The lines may come in any order, and twice.
 */
final class KernelLogText {
    /** A line has its severity before its time, or not, as {@code dmesg} shows it or pstore keeps it. */
    private static final Pattern LINE = Pattern.compile("^(?:<\\d+>)?\\[ *(\\d{1,12}\\.\\d+)\\](?:\\[[^]]*\\])? (.*)$");

    /** Ours: the moment when it was written, by the monotonic clock, and a {@link CarriedLine}. */
    private static final Pattern OURS = Pattern.compile("^quiesced: record (\\d{1,12}\\.\\d{1,9}) (.*)$");

    /** systemd-shutdown(8) is called "shutdown" in an exitrd. What it says: main in src/shutdown/shutdown.c. */
    private static final Pattern SYSTEMD = Pattern.compile("^(?:systemd-)?shutdown\\[1\\]: (.*)$");

    private static final Map<String, Mark> SAID_BY_SYSTEMD = Map.of(
            "Syncing filesystems and block devices", Mark.FINAL,
            "Sending SIGTERM to remaining processes", Mark.FINAL,
            "Sending SIGKILL to remaining processes", Mark.KILL,
            "All filesystems unmounted", Mark.UNMOUNTED,
            "Rebooting", Mark.WALK,
            "Powering off", Mark.WALK,
            "Halting system", Mark.WALK);

    /** What the kernel says: kernel/reboot.c, kernel/kexec_core.c. */
    private static final Map<String, Mark> SAID_BY_KERNEL = Map.of(
            "reboot: Restarting system", Mark.RESTART,
            "reboot: Power down", Mark.RESTART,
            "reboot: System halted", Mark.RESTART,
            "reboot: Power off not available: System halted instead", Mark.RESTART,
            "kexec_core: Starting new kernel", Mark.RESTART);

    private final CarriedLine.Shutdown shutdown;
    private final List<CarriedLine> carried = new ArrayList<>();
    private final WalkLines walk = new WalkLines();
    private final Map<Mark, Double> seen = new EnumMap<>(Mark.class);
    /** By how much the log's clock is ahead of the monotonic one, by the line that was written with the least delay. */
    private OptionalDouble ahead = OptionalDouble.empty();

    /**
     * Reads a log.
     *
     * @param shutdown the shutdown of which it is to tell
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
                        ahead = OptionalDouble.of(Math.min(ahead.orElse(offset), offset));
                    });
        } else if (systemd.matches()) {
            note(SAID_BY_SYSTEMD, systemd.group(1), at);
        } else {
            note(SAID_BY_KERNEL, text, at);
            walk.read(at, text);
        }
    }

    /** In an exitrd systemd-shutdown(8) says it all a second time; the first time counts. */
    private void note(Map<String, Mark> said, String text, double at) {
        said.forEach((words, mark) -> {
            if (text.startsWith(words)) {
                seen.merge(mark, at, Math::min);
            }
        });
    }

    /** Returns the shutdowns of a boot that went as far as the late phase, by our lines in a log, in no order. */
    static Set<CarriedLine.Shutdown> shutdowns(String boot, List<String> lines) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> OURS.matcher(line.group(2)))
                .filter(Matcher::matches)
                .flatMap(ours -> CarriedLine.parse(ours.group(2)).stream())
                .filter(line -> line.marks().containsKey(Mark.LATE)
                        && line.shutdown().boot().equals(boot))
                .map(CarriedLine::shutdown)
                .collect(Collectors.toSet());
    }

    /** Returns whether it tells of the shutdown. */
    boolean isOfTheShutdown() {
        return !carried.isEmpty();
    }

    /** Returns whether each line of the last edition is there. */
    boolean isWhole() {
        int last = carried.stream().mapToInt(CarriedLine::edition).max().orElse(0);
        List<CarriedLine> edition =
                carried.stream().filter(line -> line.edition() == last).toList();
        return edition.stream().map(CarriedLine::number).distinct().count()
                == edition.get(0).parts();
    }

    /**
     * Returns what became of the devices, by the last edition that says something of each. What is down stays so: to
     * the one-shot command it may be in use by a daemon that it stands in for.
     */
    List<DeviceRecord.Progressed> progress() {
        Map<String, DeviceRecord.Progressed> byName = new HashMap<>();
        inOrder()
                .forEach(line -> line.progress()
                        .forEach(device -> byName.merge(
                                device.device(),
                                device,
                                (before, after) -> before.outcome().isOurs()
                                                && !after.outcome().isOurs()
                                        ? before
                                        : after)));
        return List.copyOf(byName.values());
    }

    private List<CarriedLine> inOrder() {
        return carried.stream()
                .sorted((one, other) -> Integer.compare(one.edition(), other.edition()))
                .toList();
    }

    /** Returns all moments, in seconds since the shutdown was asked for. What we wrote ourselves counts. */
    Map<Mark, Double> marks() {
        Map<Mark, Double> marks = new EnumMap<>(Mark.class);
        double asked = asked();
        seen.forEach((mark, at) ->
                Optional.of(at - asked).filter(since -> since >= 0).ifPresent(since -> marks.put(mark, since)));
        inOrder().forEach(line -> marks.putAll(line.marks()));
        return marks;
    }

    private double asked() {
        return shutdown.uptime() + ahead.orElse(0);
    }

    /**
     * Returns which devices the kernel's own walk shut down; empty if the log names none.
     *
     * @param record the record, with what else the log tells
     */
    Optional<WalkLog> walk(ShutdownRecord record) {
        return walk.walk(record, asked());
    }
}
