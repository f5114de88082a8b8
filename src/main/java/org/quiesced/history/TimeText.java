// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quiesced.config.TimeSpan;
import org.quiesced.report.Page;
import org.quiesced.report.Style;
import org.quiesced.report.UnknownTimesText;

/** Formats the durations of the parts of a shutdown as text. */
public final class TimeText {
    /** Maximum length of a first line that has the parts too: the width of a usual terminal. */
    private static final int LONGEST_LINE = 80;

    /** Minimum time, in seconds, that is said to be saved or lost; less is within the error of the estimate. */
    private static final double LEAST_SAVED = 0.05;

    private TimeText() {}

    /**
     * Returns for example {@code Shutdown 5 (Tue 2026-11-24 04:10:03, reboot) took 14.20s:} and {@code 6.10s (units) +
     * 1.40s (systemd-shutdown) + 4.70s (devices) + 2.00s (kernel).}, followed by lines about the devices, the time
     * saved, and missing data.
     */
    public static Page page(ShownShutdown shown, ZoneId zone) {
        ShutdownRecord record = shown.record();
        Page page = new Page();
        duration(page, shown, zone);
        page.line(RecordText.summary(record) + ".");
        RecordText.phases(record).map(phases -> phases + ".").ifPresent(page::line);
        Untimed.notCounted(record).ifPresent(page::line);
        record.devices()
                .forEach(device -> RecordText.slowness(device, record)
                        .ifPresent(slow -> page.line("Slow: " + device.label() + " " + slow + ".", Style.WARNING)));
        last(record).ifPresent(page::line);
        LeftText.add(page, record);
        UnitsText.sentence(record).ifPresent(page::line);
        Savings.of(record).filter(saved -> Math.abs(saved) >= LEAST_SAVED).ifPresent(saved -> saved(page, saved));
        if (!record.isComplete()) {
            page.line(
                    "The end of the record was not carried over the restart; \"quiescectl doctor\" shows the remedy.",
                    Style.WARNING);
        } else if (record.at(Mark.RESTART).isEmpty() && !record.boot().isEmpty()) {
            page.line("The time of the restart is unknown: the kernel's log ends before it.");
        }
        return page;
    }

    /** Adds the duration and its parts, in two lines if they are too long for one. */
    private static void duration(Page page, ShownShutdown shown, ZoneId zone) {
        String title = shown.title(zone);
        Phases phases = Phases.of(shown.record());
        if (phases.took().isEmpty()) {
            String why = Untimed.isAll(shown.record()) ? UnknownTimesText.REASON : "unknown";
            page.line(title + ": its duration is " + why + ".");
            return;
        }
        double took = phases.took().get();
        String whole = title + " took " + TimeSpan.inWords(took);
        String parts = took < TimeSpan.SHORTEST ? "" : parts(phases) + ".";
        if (parts.isEmpty()) {
            page.line(whole + ".");
        } else if (whole.length() + parts.length() + 2 <= LONGEST_LINE) {
            page.line(whole + ": " + parts);
        } else {
            page.line(whole + ":").line(parts);
        }
    }

    private static void saved(Page page, double saved) {
        String time = RecordText.seconds(Math.abs(saved));
        if (saved > 0) {
            page.line("quiesced saved about " + time + ".");
        } else {
            page.line("The shutdown took about " + time + " longer than by the kernel alone.", Style.WARNING);
        }
    }

    private static String parts(Phases phases) {
        return phases.parts().stream()
                // A simulated shutdown has no units, and a part of it may take no time.
                .filter(part -> part.took() >= TimeSpan.SHORTEST)
                .map(part -> RecordText.seconds(part.took()) + " (" + part.name() + ")")
                .collect(Collectors.joining(" + "));
    }

    private static Optional<String> last(ShutdownRecord record) {
        CriticalChain chain = new CriticalChain(record);
        Optional<DeviceRecord> ours = chain.lastOfOurs();
        String head = chain.last().equals(ours) ? "Last: " : "Last before the kernel's walk: ";
        return ours.flatMap(
                device -> chain.lateness().besidesSlowness(device).map(why -> head + device.label() + " " + why + "."));
    }
}
