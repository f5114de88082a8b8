// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a kernel's log, as pstore keeps it: our own lines in it, and the moments that systemd-shutdown(8) and the
 * kernel tell of.
 */
final class KernelLogText {
    /** A line has its severity before its time, in angle brackets, or not, as {@code dmesg} shows it or pstore keeps it. */
    private static final Pattern LINE = Pattern.compile("^(?:<\\d+>)?\\[ *(\\d+\\.\\d+)\\](?:\\[[^]]*\\])? (.*)$");

    private static final String OURS = "quiesced: ";

    /** systemd-shutdown(8) is called "shutdown" in an exitrd. */
    private static final Pattern SYSTEMD = Pattern.compile("^(?:systemd-)?shutdown\\[1\\]: ");

    /**
     * What is said, by systemd-shutdown(8) (main in src/shutdown/shutdown.c) and by the kernel (kernel/reboot.c,
     * kernel/kexec_core.c), when a moment comes.
     */
    private static final Map<String, Mark> MOMENTS = Map.ofEntries(
            Map.entry("Syncing filesystems and block devices", Mark.FINAL),
            Map.entry("Sending SIGTERM to remaining processes", Mark.FINAL),
            Map.entry("Sending SIGKILL to remaining processes", Mark.KILL),
            Map.entry("All filesystems unmounted", Mark.UNMOUNTED),
            Map.entry("Rebooting", Mark.WALK),
            Map.entry("Powering off", Mark.WALK),
            Map.entry("Halting system", Mark.WALK),
            Map.entry("reboot: Restarting system", Mark.RESTART),
            Map.entry("reboot: Power down", Mark.RESTART),
            Map.entry("reboot: System halted", Mark.RESTART),
            Map.entry("kexec_core: Starting new kernel", Mark.RESTART));

    private final Map<Mark, Double> seen = new EnumMap<>(Mark.class);
    private Optional<CarriedLines> carried = Optional.empty();
    private double carriedAt;

    /** Reads the lines of one log, in any order. */
    KernelLogText(List<String> lines) {
        lines.forEach(this::read);
    }

    private void read(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return;
        }
        double at = Double.parseDouble(matcher.group(1));
        String text = matcher.group(2);
        if (text.startsWith(OURS)) {
            CarriedLines.parse(text.substring(OURS.length())).ifPresent(part -> add(part, at));
            return;
        }
        String said = SYSTEMD.matcher(text).replaceFirst("");
        MOMENTS.forEach((words, mark) -> {
            if (said.startsWith(words)) {
                seen.putIfAbsent(mark, at);
            }
        });
    }

    /** Of several boots and editions the last counts; lines may come in any order, and twice. */
    private void add(CarriedLines part, double at) {
        if (carried.filter(part::belongsTo).isPresent()) {
            carried = carried.map(before -> before.and(part));
        } else if (carried.filter(before -> before.boot().equals(part.boot()) && before.edition() > part.edition())
                .isEmpty()) {
            carried = Optional.of(part);
            carriedAt = at;
        }
    }

    /** Returns our own lines, if there are any. */
    Optional<CarriedLines> carried() {
        return carried;
    }

    /**
     * Returns the moments that others tell of, in seconds since the shutdown was asked for. The log has a clock of its
     * own, which drifts from the monotonic one: what we wrote tells both.
     */
    Map<Mark, Double> moments() {
        double asked = carried.map(ours -> carriedAt
                        - Optional.ofNullable(ours.marks().get(Mark.END)).orElse(carriedAt - ours.uptime()))
                .orElse(0.0);
        Map<Mark, Double> moments = new EnumMap<>(Mark.class);
        seen.forEach((mark, at) -> {
            if (at >= asked) {
                moments.put(mark, at - asked);
            }
        });
        return moments;
    }
}
