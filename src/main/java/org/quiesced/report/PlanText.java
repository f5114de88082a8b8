// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Locale;
import org.quiesced.config.TimeSpan;

/** Formats the JSON form of a plan as text. */
public final class PlanText {
    /** The plan in a line where the configuration sets {@code mode = "off"}. */
    public static final String OFF = "mode is off, everything is left to the kernel";

    private PlanText() {}

    /**
     * Returns the table, with the warnings and totals.
     *
     * @param all whether to include devices without a method
     */
    public static Page of(PlanJson plan, boolean all) {
        Table table = new Table(
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(3),
                Column.word("DISPOSITION"),
                Column.word("PHASE").leftOut(4),
                Column.word("METHOD").leftOut(1),
                Column.text("WAITS FOR", 5).leftOut(2),
                Column.text("WHY", 12));
        int hidden = 0;
        for (PlanJson.Entry entry : plan.devices()) {
            if (!all && !entry.supported()) {
                hidden++;
                continue;
            }
            table.row(
                    entry.label(),
                    entry.driver(),
                    entry.disposition().word(),
                    entry.phase().map(PhaseType::word).orElse("-"),
                    entry.method().orElse("-"),
                    entry.waitsForLabel(),
                    entry.why());
        }
        Page page = table.isEmpty() ? new Page() : Page.of(table);
        plan.warnings().forEach(warning -> page.line("Warning: " + warning.warning(), Style.WARNING));
        if (!page.isEmpty()) {
            page.blank();
        }
        PlanJson.Totals totals = plan.totals();
        page.line(sentence(plan.summary()));
        if (hidden > 0) {
            page.line(DeviceCounts.count(hidden, "device") + " that quiesced has no method for "
                    + (hidden == 1 ? "is" : "are") + " not shown (--all shows them).");
        }
        KernelText.of(plan.kernelWalk(), plan.handover()).ifPresent(page::line);
        page.line(times(plan.verb(), totals, plan.kernelWalk()));
        return page;
    }

    /**
     * Returns the plan in a line, for example
     * {@code 24 drives in parallel, 1 left to the kernel (nvme3: opted out); 4.60s expected}.
     */
    public static String line(String summary, PlanJson.Totals totals) {
        if (totals.nothingIsKnown()) {
            return summary;
        }
        String expected =
                totals.exceedsDeadline() ? "more than the deadline of " : totals.unknown() == 0 ? "" : "at least ";
        return summary + "; " + expected + TimeSpan.format(totals.expected()) + " expected";
    }

    private static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    private static String times(String verb, PlanJson.Totals totals, String walk) {
        if (totals.parallel() + totals.serial() == 0) {
            return "The kernel does all at " + verb + ".";
        }
        if (!totals.nothingIsKnown() && totals.kernelAlone() < 0.001) {
            return "Expected time at " + verb + ": almost none; the kernel alone would not take longer for the same.";
        }
        if (totals.nothingIsKnown()) {
            return "Expected time at " + verb + ": " + UnknownTimesText.REASON + ".";
        }
        if (totals.exceedsDeadline()) {
            return "Expected time at " + verb + ": more than the deadline of " + TimeSpan.format(totals.deadline())
                    + ", after which what is not down is left to the kernel; the kernel alone would take "
                    + TimeSpan.format(totals.kernelAlone()) + " for all.";
        }
        return "Expected time at " + verb + ": " + TimeSpan.format(totals.expected()) + "; the kernel alone would take "
                + TimeSpan.format(totals.kernelAlone()) + " for the same"
                + (KernelText.isParallel(walk) ? ", in parallel." : ".")
                + UnknownTimesText.notCounted(totals.unknown())
                        .map(sentence -> " " + sentence)
                        .orElse("");
    }
}
