// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Table;

/** Formats the kernel's own walk as text. */
final class WalkText {
    private WalkText() {}

    /**
     * Returns the devices that the kernel's walk shut down, or why they are unknown; empty for an incomplete record.
     */
    static List<String> lines(ShutdownRecord record) {
        if (record.boot().isEmpty() || !record.isComplete()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        Optional<WalkLog> walk = record.walk();
        walk.ifPresent(known -> {
            lines.add("The kernel's log names " + known.count() + (known.count() == 1 ? " device" : " devices")
                    + " that its own walk shut down"
                    + (known.devices().size() < known.count() ? ". Those that took time, or are ours:" : ":"));
            Table table = new Table(Set.of(2, 3, 4), "DEVICE", "DRIVER", "FROM", "TO", "TIME");
            known.devices()
                    .forEach(step -> table.row(
                            step.device(),
                            step.driver(),
                            RecordText.seconds(step.from()),
                            step.to().map(RecordText::seconds).orElse("-"),
                            step.took().map(RecordText::seconds).orElse("-")));
            lines.addAll(table.lines());
        });
        if (walk.filter(WalkLog::complete).isEmpty()) {
            lines.add("Which " + (walk.isPresent() ? "other " : "")
                    + "devices the kernel's walk shut down is not known: only with \"initcall_debug\" on its command"
                    + " line does the kernel name each.");
        }
        return lines;
    }
}
