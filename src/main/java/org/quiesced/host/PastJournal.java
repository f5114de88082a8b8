// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.util.List;

/** Reads what the system's journal has kept of boots that have ended. */
@FunctionalInterface
public interface PastJournal {
    /**
     * What is asked for.
     *
     * @param boot the boot, as {@code /proc/sys/kernel/random/boot_id} has it
     * @param alternatives sets of matches as journalctl(1) has them, {@code FIELD=VALUE}, one of which an entry has to
     *     fulfil
     * @param fields the fields that are wanted, besides those of the time
     */
    record Query(String boot, List<List<String>> alternatives, List<String> fields) {
        /** Copies the lists. */
        public Query {
            alternatives = alternatives.stream().map(List::copyOf).toList();
            fields = List.copyOf(fields);
        }
    }

    /**
     * Returns the last entries of a boot, the oldest first, each as one line of JSON, as {@code journalctl
     * --output=json} writes it. Empty if the journal has none.
     *
     * @throws IOException with the reason in words, if the journal cannot be read, or not within a limit
     */
    List<String> entries(Query query) throws IOException;
}
