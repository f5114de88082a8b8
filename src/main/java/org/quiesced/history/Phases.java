// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The known parts of a whole shutdown.
 *
 * @param parts in chronological order
 */
public record Phases(List<Part> parts) {
    /**
     * A part of a shutdown.
     *
     * @param name for example {@code units}
     * @param from its begin, in seconds since the shutdown request
     * @param to its end, in the same unit
     */
    public record Part(String name, double from, double to) {
        /** Returns its duration, in seconds. */
        public double took() {
            return to - from;
        }
    }

    private record Boundary(Mark begin, String name) {}

    private static final List<Boundary> BOUNDARIES = List.of(
            new Boundary(Mark.ASKED, "units"),
            new Boundary(Mark.FINAL, "systemd-shutdown"),
            new Boundary(Mark.LATE, "devices"),
            new Boundary(Mark.WALK, "kernel"));

    /** Copies the list. */
    public Phases {
        parts = List.copyOf(parts);
    }

    /**
     * Returns the parts of a shutdown. A part whose begin is unknown is merged with the one before it, and both names
     * are joined.
     */
    public static Phases of(ShutdownRecord record) {
        List<Part> parts = new ArrayList<>();
        Optional<Double> end = record.at(Mark.RESTART).or(() -> record.at(Mark.END));
        for (Boundary boundary : BOUNDARIES) {
            Optional<Double> begin = record.at(boundary.begin()).or(() -> substitute(record, boundary));
            if (end.isEmpty()) {
                break;
            }
            if (begin.isEmpty()) {
                if (!parts.isEmpty()) {
                    Part before = parts.remove(parts.size() - 1);
                    parts.add(new Part(before.name() + " and " + boundary.name(), before.from(), before.to()));
                }
                continue;
            }
            if (!parts.isEmpty()) {
                Part before = parts.remove(parts.size() - 1);
                parts.add(new Part(before.name(), before.from(), Math.max(before.from(), begin.get())));
            }
            parts.add(new Part(boundary.name(), begin.get(), Math.max(begin.get(), end.get())));
        }
        return new Phases(parts);
    }

    /**
     * Substitutes the end of the run for a missing begin of the kernel's walk: the last message of systemd-shutdown(8)
     * may be lost.
     */
    private static Optional<Double> substitute(ShutdownRecord record, Boundary boundary) {
        boolean endIsLast =
                boundary.begin() == Mark.WALK && record.at(Mark.RESTART).isPresent();
        return endIsLast ? record.at(Mark.END) : Optional.empty();
    }

    /** Returns the duration of all parts; empty if only the begin is known. */
    public Optional<Double> took() {
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(parts.get(parts.size() - 1).to() - parts.get(0).from());
    }
}
