// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.history.HistoryText;
import org.quiesced.history.Proof;
import org.quiesced.report.Table;

/** Formats the drives of all recorded shutdowns as text. */
public final class HealthText {
    private static final Set<Proof> CLEAN = Set.of(Proof.CLEAN, Proof.POWERED);
    private static final Set<Proof> TOLD = Set.of(Proof.CLEAN, Proof.POWERED, Proof.UNSAFE);

    private HealthText() {}

    /** Returns a table with a row for each drive, and a line for each unsafe shutdown. */
    public static List<String> lines(List<DriveHistory> drives, ZoneId zone) {
        if (drives.isEmpty()) {
            return List.of("No drive is known yet: quiesced-history.service queries the drives at boot.");
        }
        Table table = new Table(Set.of(1, 2, 3), "DRIVE", "CLEAN", "CYCLES", "UNSAFE", "LAST", "MODEL", "SERIAL");
        drives.forEach(drive -> table.row(
                drive.name(),
                clean(drive),
                drive.counters().map(known -> known.powerCycles().toString()).orElse("-"),
                drive.counters()
                        .map(known -> known.unsafeShutdowns().toString())
                        .orElse("-"),
                last(drive),
                drive.model(),
                drive.serial() + (drive.present() ? "" : " (not present)")));
        List<String> lines = new ArrayList<>(table.lines());
        drives.forEach(drive -> drive.shutdowns().stream()
                .filter(entry -> entry.proof() == Proof.UNSAFE)
                .forEach(entry -> lines.add(drive.name() + ": unsafe in shutdown " + entry.number() + " ("
                        + HistoryText.date(entry.asked(), zone) + ", " + entry.verb() + "): it was "
                        + entry.fate())));
        return lines;
    }

    private static String clean(DriveHistory drive) {
        long told = drive.count(TOLD);
        return told == 0 ? "-" : drive.count(CLEAN) + "/" + told;
    }

    private static String last(DriveHistory drive) {
        List<DriveHistory.Entry> all = drive.shutdowns();
        return Optional.of(all)
                .filter(entries -> !entries.isEmpty())
                .map(entries -> words(entries.get(entries.size() - 1).proof()))
                .orElse("-");
    }

    private static String words(Proof proof) {
        return switch (proof) {
            case CLEAN -> "clean";
            case POWERED -> "clean, kept its power";
            case UNSAFE -> "unsafe";
            case UNKNOWN -> "-";
        };
    }
}
