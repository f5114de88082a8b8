// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Formats the durations of the parts of a shutdown as text. */
public final class TimeText {
    /** Parts of less than half a millisecond are omitted: a simulated shutdown has no units. */
    private static final double SHORTEST = 0.0005;

    private TimeText() {}

    /**
     * Returns for example {@code Shutdown took 14.20s: 6.10s (units) + 1.40s (systemd-shutdown) + 4.70s (devices) +
     * 2.00s (kernel).}, followed by lines about the devices, the time saved, and missing data.
     */
    public static List<String> lines(ShutdownRecord record) {
        List<String> lines = new ArrayList<>();
        Phases phases = Phases.of(record);
        phases.took()
                .ifPresentOrElse(
                        took -> lines.add("Shutdown (" + record.verb() + ") took " + RecordText.seconds(took)
                                + (took < SHORTEST ? "" : ": " + parts(phases)) + "."),
                        () -> lines.add("The duration of the shutdown (" + record.verb() + ") is unknown."));
        lines.add(RecordText.summary(record) + ".");
        record.devices()
                .forEach(device -> RecordText.slowness(device)
                        .ifPresent(slow -> lines.add("Slow: " + device.label() + " " + slow + ".")));
        last(record).ifPresent(lines::add);
        early(record).ifPresent(lines::add);
        UnitsText.sentence(record).ifPresent(lines::add);
        Savings.of(record)
                .filter(saved -> saved >= 0.05)
                .ifPresent(saved -> lines.add("quiesced saved about " + RecordText.seconds(saved) + "."));
        if (!record.isComplete()) {
            lines.add(
                    "The end of the record was not carried over the restart; \"quiescectl doctor\" shows the remedy.");
        } else if (record.at(Mark.RESTART).isEmpty() && !record.boot().isEmpty()) {
            lines.add("The time of the restart is unknown: the kernel's log ends before it.");
        }
        return lines;
    }

    private static String parts(Phases phases) {
        return phases.parts().stream()
                .filter(part -> part.took() >= SHORTEST)
                .map(part -> RecordText.seconds(part.took()) + " (" + part.name() + ")")
                .collect(Collectors.joining(" + "));
    }

    private static Optional<String> last(ShutdownRecord record) {
        return new CriticalChain(record)
                .last()
                .flatMap(device -> new Lateness(record)
                        .besidesSlowness(device)
                        .map(why -> "Last: " + device.label() + " " + why + "."));
    }

    private static Optional<String> early(ShutdownRecord record) {
        long early = record.devices().stream()
                .filter(device -> device.took().isPresent())
                .filter(device -> device.phase()
                        .filter(phase -> phase.equals("early") || phase.equals("network"))
                        .isPresent())
                .count();
        return early == 0
                ? Optional.empty()
                : Optional.of(early + " of them began in the early phase, while units were still being stopped.");
    }
}
