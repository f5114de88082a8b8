// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.time.ZoneId;
import java.util.Optional;
import org.quiesced.report.Page;

/**
 * A shutdown that is shown.
 *
 * @param number its number among the recorded shutdowns; empty for a record in another file and for a simulated machine
 * @param record its record
 */
public record ShownShutdown(Optional<Integer> number, ShutdownRecord record) {
    /** Returns a shutdown that has no number. */
    public static ShownShutdown of(ShutdownRecord record) {
        return new ShownShutdown(Optional.empty(), record);
    }

    /** Returns a stored shutdown. */
    public static ShownShutdown of(RecordFiles.Kept kept) {
        return new ShownShutdown(Optional.of(kept.number()).filter(number -> number > 0), kept.record());
    }

    /**
     * Returns for example {@code Shutdown 5 (Tue 2026-11-24 04:10:03, reboot)} or {@code Simulated shutdown (reboot)}.
     */
    public String title(ZoneId zone) {
        return (record.boot().isEmpty() ? "Simulated shutdown" : "Shutdown")
                + number.map(known -> " " + known).orElse("")
                + " ("
                + (record.asked() > 0 ? HistoryText.date(record, zone) + ", " : "")
                + record.verb() + ")";
    }

    /** Returns a page with the title above another one. */
    public Page titled(Page page, ZoneId zone) {
        return Page.of(title(zone)).blank().page(page);
    }

    /** Returns the versions of the kernel and of quiesced; empty for a simulated machine. */
    public Optional<String> versions() {
        return record.boot().isEmpty()
                ? Optional.empty()
                : Optional.of("Linux " + record.kernel() + ", quiesced " + record.version());
    }
}
