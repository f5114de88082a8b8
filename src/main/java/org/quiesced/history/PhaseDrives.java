// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.report.DeviceCounts;

/**
 * The drives that went down in one phase of a shutdown. The time from the first phase to the last is not the time of
 * the drives, because between two phases quiesced waits for units or file systems.
 *
 * @param phase the phase in which their shutdown began: {@code network}, {@code early}, {@code late} or {@code exitrd}
 * @param drives the number of drives that are down, stopped or not
 * @param from the begin of the first shutdown in the phase, in seconds since the shutdown request
 * @param to the end of the last, in the same unit
 */
public record PhaseDrives(String phase, long drives, double from, double to) {
    /** The phases that begin before all units are stopped. */
    static final Set<String> EARLY = Set.of(Mark.NETWORK.word(), Mark.EARLY.word());

    private static final String LATE = Mark.LATE.word();

    /** Returns the duration, in seconds. */
    public double took() {
        return to - from;
    }

    /** Returns the phases in which drives went down, in chronological order. */
    static List<PhaseDrives> of(ShutdownRecord record) {
        Map<String, Long> down = RecordText.drives(record).stream()
                .filter(drive -> drive.outcome().isDown() && drive.took().isPresent())
                .collect(Collectors.groupingBy(PhaseDrives::phaseOf, Collectors.counting()));
        return down.entrySet().stream()
                .flatMap(phase -> span(record, phase.getKey()).stream()
                        .map(span -> new PhaseDrives(phase.getKey(), phase.getValue(), span.from(), span.to())))
                .sorted(Comparator.comparingDouble(PhaseDrives::from))
                .toList();
    }

    private static Optional<DeviceSpan> span(ShutdownRecord record, String phase) {
        return DeviceSpan.of(record.devices().stream()
                .filter(device -> phaseOf(device).equals(phase))
                .toList());
    }

    private static String phaseOf(DeviceRecord device) {
        return device.phase().orElse(LATE);
    }

    /**
     * Returns for example {@code 11 drives went down in the early phase in 3.10s, while units were still being stopped;
     * 13 in the late phase in 4.60s}; empty if all drives went down in the late phase.
     */
    static Optional<String> sentence(List<PhaseDrives> phases) {
        if (phases.stream().allMatch(one -> one.phase().equals(LATE))) {
            return Optional.empty();
        }
        PhaseDrives first = phases.get(0);
        return Optional.of(DeviceCounts.count(first.drives(), "drive") + " went down" + first.when()
                + phases.stream()
                        .skip(1)
                        .map(one -> "; " + one.drives() + one.when())
                        .collect(Collectors.joining()));
    }

    private String when() {
        return " in the " + phase + " phase in " + RecordText.seconds(took())
                + (EARLY.contains(phase) ? ", while units were still being stopped" : "");
    }
}
