// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Optional;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Table;

/** Formats the kernel's own walk as text. */
final class WalkText {
    private WalkText() {}

    /**
     * Returns the devices that the kernel's walk shut down, or why they are unknown; empty for an incomplete record.
     */
    static Page page(ShutdownRecord record) {
        if (record.boot().isEmpty() || !record.isComplete()) {
            return new Page();
        }
        Page page = new Page();
        Optional<WalkLog> walk = record.walk();
        walk.ifPresent(known -> {
            page.line("The kernel's log names " + known.count() + (known.count() == 1 ? " device" : " devices")
                    + " that its own walk shut down"
                    + (known.devices().size() < known.count() ? ". Those that took time, or are ours:" : ":"));
            Table table = new Table(
                    Column.name("DEVICE"),
                    Column.word("DRIVER").leftOut(1),
                    Column.number("FROM"),
                    Column.number("TO"),
                    Column.number("TIME"));
            known.devices()
                    .forEach(step -> table.row(
                            step.device(),
                            step.driver(),
                            RecordText.seconds(step.from()),
                            step.to().map(RecordText::seconds).orElse("-"),
                            step.took().map(RecordText::seconds).orElse("-")));
            page.table(table);
        });
        if (walk.filter(WalkLog::complete).isEmpty()) {
            page.line("Which " + (walk.isPresent() ? "other " : "")
                    + "devices the kernel's walk shut down is not known: only with \"initcall_debug\" on its command"
                    + " line does the kernel name each.");
        }
        return page;
    }
}
