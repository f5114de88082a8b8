// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;

/**
 * A shutdown that was cancelled, and what came of its drives.
 *
 * @param asked when it was asked for, in seconds since the epoch
 * @param restored how many devices have their driver again
 * @param lost those that have not
 */
public record Cancellation(long asked, long restored, List<Lost> lost) {
    private static final long MINUTES_OF_DAY = 24 * 60;

    /**
     * A device that has no driver.
     *
     * @param device its sysfs name
     * @param error why its driver could not be bound
     */
    public record Lost(String device, String error) {}

    /** Copies the list. */
    public Cancellation {
        lost = List.copyOf(lost);
    }

    /** Returns one before which nothing had gone down. */
    public static Cancellation of(long asked) {
        return new Cancellation(asked, 0, List.of());
    }

    /** Returns one of a run, whose devices were given their drivers again. */
    public static Cancellation of(long asked, Timeline timeline) {
        return new Cancellation(
                asked,
                timeline.events().stream()
                        .filter(Event.Restored.class::isInstance)
                        .count(),
                timeline.events().stream()
                        .filter(Event.NotRestored.class::isInstance)
                        .map(Event.NotRestored.class::cast)
                        .map(event -> new Lost(event.device().name(), event.detail()))
                        .toList());
    }

    /** Returns a sentence. The daemon's root has no time zones. */
    public String describe() {
        long minute = asked / 60 % MINUTES_OF_DAY;
        return String.format(Locale.ROOT, "the shutdown of %02d:%02d UTC was cancelled; ", minute / 60, minute % 60)
                + whatCameOfIt();
    }

    private String whatCameOfIt() {
        if (restored == 0 && lost.isEmpty()) {
            return "no drive had gone down";
        }
        String words = restored + (restored == 1 ? " drive was" : " drives were") + " bound again";
        return lost.isEmpty()
                ? words
                : words + ", not so "
                        + lost.stream()
                                .map(one -> one.device() + " (" + one.error() + ")")
                                .collect(Collectors.joining(", "));
    }
}
