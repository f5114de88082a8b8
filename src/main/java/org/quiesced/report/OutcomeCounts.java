// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Collection;

/**
 * The number of drives by outcome in a run.
 *
 * @param down drives that are down, and have confirmed it, unless their driver asks for no confirmation
 * @param notStopped drives that are down, but did not stop
 * @param notNotified drives that were disconnected but not notified
 * @param unconfirmed drives that did not confirm their shutdown
 * @param kernel drives that were left to the kernel
 */
public record OutcomeCounts(long down, long notStopped, long notNotified, long unconfirmed, long kernel) {
    /** Counts outcomes. */
    static OutcomeCounts of(Collection<Outcome> outcomes) {
        return new OutcomeCounts(
                count(outcomes, Outcome.DOWN),
                count(outcomes, Outcome.NOT_STOPPED),
                count(outcomes, Outcome.NOT_NOTIFIED),
                count(outcomes, Outcome.UNCONFIRMED),
                count(outcomes, Outcome.KERNEL));
    }

    /** Returns the number of all drives. */
    long all() {
        return down + notStopped + notNotified + unconfirmed + kernel;
    }

    /** Returns the counts in words, for example {@code 12 drives down, 1 left to the kernel}. */
    public String describe() {
        return DeviceCounts.count(down + notStopped + notNotified, "drive") + " down"
                + counted(" (", notStopped, " not stopped)")
                + counted(" (", notNotified, " not notified)")
                + counted(", ", unconfirmed, " not confirmed")
                + counted(", ", kernel, " left to the kernel");
    }

    private static String counted(String before, long number, String after) {
        return number == 0 ? "" : before + number + after;
    }

    private static long count(Collection<Outcome> outcomes, Outcome which) {
        return outcomes.stream().filter(which::equals).count();
    }
}
