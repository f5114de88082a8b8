// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.util.List;

/** Reads the system's journal of earlier boots. */
@FunctionalInterface
public interface PastJournal {
    /**
     * A query.
     *
     * @param boot the id of the boot, from {@code /proc/sys/kernel/random/boot_id}
     * @param alternatives sets of matches in the syntax of journalctl(1), {@code FIELD=VALUE}; an entry has to fulfil
     *     one of the sets
     * @param fields the fields to return, besides those of the time
     */
    record Query(String boot, List<List<String>> alternatives, List<String> fields) {
        /** Copies the lists. */
        public Query {
            alternatives = alternatives.stream().map(List::copyOf).toList();
            fields = List.copyOf(fields);
        }
    }

    /**
     * Returns the last entries of a boot, the oldest first, each as one line of JSON in the format of {@code journalctl
     * --output=json}. Empty if the journal has none.
     *
     * @throws IOException if the journal cannot be read, or not within a time limit; the message has the reason
     */
    List<String> entries(Query query) throws IOException;
}
