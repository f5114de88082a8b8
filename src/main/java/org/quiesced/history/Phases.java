// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a whole shutdown, one after the other, as far as they are known.
 *
 * @param parts in the order of time
 */
public record Phases(List<Part> parts) {
    /**
     * A part of a shutdown.
     *
     * @param name for example {@code units}
     * @param from when it began, in seconds since the shutdown was asked for
     * @param to when it ended
     */
    public record Part(String name, double from, double to) {
        /** Returns how long it took, in seconds. */
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

    /** Returns the parts of a shutdown. A part whose begin is not known belongs to the one before it, and says so. */
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

    /** What systemd-shutdown(8) says at its end may be missing; the kernel's part begins when ours has ended. */
    private static Optional<Double> substitute(ShutdownRecord record, Boundary boundary) {
        boolean endIsLast =
                boundary.begin() == Mark.WALK && record.at(Mark.RESTART).isPresent();
        return endIsLast ? record.at(Mark.END) : Optional.empty();
    }

    /** Returns how long all of it took; empty if nothing is known but the beginning. */
    public Optional<Double> took() {
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(parts.get(parts.size() - 1).to() - parts.get(0).from());
    }
}
