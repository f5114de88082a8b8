// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;

/**
 * A cancelled shutdown, and the outcome of its drives.
 *
 * @param asked time of the shutdown request, in seconds since the epoch
 * @param restored number of devices whose driver is bound again
 * @param lost the devices whose driver could not be bound
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

    /** Creates the result of a shutdown that was cancelled before any device went down. */
    public static Cancellation of(long asked) {
        return new Cancellation(asked, 0, List.of());
    }

    /** Creates the result of a cancelled shutdown whose run was undone. */
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

    /** Returns the result as a sentence. Its time is in UTC, because the daemon's root has no time zones. */
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
