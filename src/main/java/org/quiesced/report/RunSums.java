// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.report.Sums.Item;
import org.quiesced.report.Sums.Left;

/** Summarizes the outcomes of a run in words. */
public final class RunSums {
    private final List<Item> down = new ArrayList<>();
    private final List<Item> notStopped = new ArrayList<>();
    private final List<Item> unreached = new ArrayList<>();
    private final List<Item> unconfirmed = new ArrayList<>();
    private final List<Item> unanswered = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();

    /** Adds a device that has ended; the reason is empty if it is simply down. */
    void ended(Item item, Optional<ReasonType> reason) {
        switch (reason.orElse(ReasonType.OPTED_IN)) {
            case UNCONFIRMED -> unconfirmed.add(item);
            case UNANSWERED -> unanswered.add(item);
            case NOT_STOPPED -> {
                down.add(item);
                notStopped.add(item);
            }
            case UNREACHED -> {
                down.add(item);
                unreached.add(item);
            }
            default -> down.add(item);
        }
    }

    /** Adds a device that was left to the kernel. */
    void left(Left device) {
        left.add(device);
    }

    /**
     * Returns the summary, for example {@code 12 drives down, 1 left to the kernel (nvme3: in use, mounted on /)}. A
     * drive that did not confirm its shutdown does not count as down.
     */
    public String describe() {
        List<String> parts = new ArrayList<>();
        parts.add(Sums.count(down) + " down" + named("not stopped", notStopped) + named("not notified", unreached));
        if (!unconfirmed.isEmpty()) {
            parts.add(Sums.count(unconfirmed) + " unbound but not confirmed (" + Sums.names(unconfirmed) + ")");
        }
        if (!unanswered.isEmpty()) {
            parts.add(Sums.count(unanswered) + " notified but not confirmed (" + Sums.names(unanswered) + ")");
        }
        Sums.left(left).ifPresent(parts::add);
        return String.join(", ", parts);
    }

    private static String named(String what, List<Item> items) {
        return items.isEmpty() ? "" : " (" + what + ": " + Sums.names(items) + ")";
    }
}
