// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the time of a shutdown went, in a few lines. */
public final class TimeText {
    /** A part of less than half a millisecond is not named: a simulated shutdown has no units. */
    private static final double SHORTEST = 0.0005;

    private TimeText() {}

    /**
     * Returns for example {@code Shutdown took 14.20s: 6.10s (units) + 1.40s (systemd-shutdown) + 4.70s (devices) +
     * 2.00s (kernel).}, what quiesced did and saved, and what is not known.
     */
    public static List<String> lines(ShutdownRecord record) {
        List<String> lines = new ArrayList<>();
        Phases phases = Phases.of(record);
        phases.took()
                .ifPresentOrElse(
                        took -> lines.add("Shutdown (" + record.verb() + ") took " + RecordText.seconds(took) + ": "
                                + phases.parts().stream()
                                        .filter(part -> part.took() >= SHORTEST)
                                        .map(part -> RecordText.seconds(part.took()) + " (" + part.name() + ")")
                                        .collect(Collectors.joining(" + "))
                                + "."),
                        () -> lines.add("How long the shutdown (" + record.verb() + ") took is not known."));
        lines.add(RecordText.summary(record) + ".");
        early(record).ifPresent(lines::add);
        UnitsText.sentence(record).ifPresent(lines::add);
        Savings.of(record)
                .filter(saved -> saved >= 0.05)
                .ifPresent(saved -> lines.add("quiesced saved about " + RecordText.seconds(saved) + "."));
        if (!record.isComplete()) {
            lines.add("How it ended was not carried over the restart; \"quiescectl doctor\" says what would carry it.");
        } else if (record.at(Mark.RESTART).isEmpty() && !record.boot().isEmpty()) {
            lines.add("When the machine restarted is not known: the kernel's log ends before that.");
        }
        return lines;
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
