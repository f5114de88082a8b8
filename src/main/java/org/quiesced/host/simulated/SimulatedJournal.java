// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.host.PastJournal;

/** A simulated journal of one past boot. */
public final class SimulatedJournal implements PastJournal {
    private final String boot;
    private final List<String> entries = new ArrayList<>();
    private Optional<String> failure = Optional.empty();

    /** Creates an empty journal. */
    public SimulatedJournal(String boot) {
        this.boot = boot;
    }

    /**
     * Makes each read fail.
     *
     * @param why the message of the exception
     */
    public void fail(String why) {
        failure = Optional.of(why);
    }

    /**
     * Adds a message of systemd about a unit.
     *
     * @param at its time, in seconds of the monotonic clock
     * @param id its MESSAGE_ID
     */
    public void ofUnit(double at, String id, String unit) {
        entries.add(String.format(
                Locale.ROOT,
                "{\"__MONOTONIC_TIMESTAMP\":\"%d\",\"MESSAGE_ID\":\"%s\",\"UNIT\":\"%s\"}",
                Math.round(at * 1e6),
                id,
                unit));
    }

    /**
     * Adds a line that a program has written to the kernel's log.
     *
     * @param at its time, in seconds of the monotonic clock
     */
    public void ofKernelLog(double at, String identifier, String message) {
        entries.add(String.format(
                Locale.ROOT,
                "{\"__MONOTONIC_TIMESTAMP\":\"%d\",\"SYSLOG_IDENTIFIER\":\"%s\",\"MESSAGE\":\"%s\"}",
                Math.round(at * 1e6),
                identifier,
                message));
    }

    /** Adds a line of the output of journalctl(1). */
    public void raw(String line) {
        entries.add(line);
    }

    @Override
    public List<String> entries(Query query) throws IOException {
        if (failure.isPresent()) {
            throw new IOException(failure.get());
        }
        return query.boot().equals(boot) ? List.copyOf(entries) : List.of();
    }
}
