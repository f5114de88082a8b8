// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Printable;
import org.quiesced.host.PastJournal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The entries of the journal about one shutdown: the stop of units, and quiesced's lines of the kernel's log, up to the
 * end of systemd-journald(8).
 */
final class JournalText {
    /**
     * Identifiers of systemd's messages that a unit is being stopped, and that it is stopped ({@code sd-messages.h}).
     */
    private static final String STOPPING = "de5b426a63be47a7b6ac3eaac82e2f6f";

    private static final String STOPPED = "9d1aaa27d60140bd96365438aad20286";

    private static final String IDENTIFIER = "quiesced";

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final List<Entry> entries;
    private final Optional<String> failure;

    /**
     * An entry; a missing field is empty.
     *
     * @param at its time, in seconds of the monotonic clock
     */
    private record Entry(double at, String id, String unit, String identifier, String message) {}

    private JournalText(List<Entry> entries, Optional<String> failure) {
        this.entries = List.copyOf(entries);
        this.failure = failure;
    }

    /** Reads the journal. If that fails, {@link #units} returns the reason. */
    static JournalText of(PastJournal journal, String boot) {
        List<Entry> entries = new ArrayList<>();
        try {
            for (String line : journal.entries(new PastJournal.Query(
                    boot,
                    List.of(
                            List.of("_PID=1", "MESSAGE_ID=" + STOPPING, "MESSAGE_ID=" + STOPPED),
                            List.of("_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=" + IDENTIFIER)),
                    List.of("MESSAGE_ID", "UNIT", "SYSLOG_IDENTIFIER", "MESSAGE")))) {
                entry(line).ifPresent(entries::add);
            }
            return new JournalText(entries, Optional.empty());
        } catch (IOException e) {
            return new JournalText(
                    List.of(), Optional.of(Optional.ofNullable(e.getMessage()).orElse("the journal cannot be read")));
        }
    }

    private static Optional<Entry> entry(String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            return Optional.of(new Entry(
                    Double.parseDouble(text(node, "__MONOTONIC_TIMESTAMP")) / 1e6,
                    text(node, "MESSAGE_ID"),
                    text(node, "UNIT"),
                    text(node, "SYSLOG_IDENTIFIER"),
                    text(node, "MESSAGE")));
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns a field; empty if it is missing, has several values, or is not text. */
    private static String text(JsonNode node, String field) {
        return Printable.of(node.path(field).asString(""));
    }

    /**
     * Returns the units that took longest to stop, without those that were stopped before the shutdown request, or
     * after the end of systemd-journald(8).
     *
     * @param asked time of the shutdown request, in seconds of the monotonic clock
     */
    StoppedUnits units(double asked) {
        if (failure.isPresent()) {
            return StoppedUnits.unknown(failure.get());
        }
        if (entries.isEmpty()) {
            return StoppedUnits.unknown("the journal has nothing of that boot (Storage= in journald.conf(5))");
        }
        Map<String, Double> begun = new HashMap<>();
        Map<String, StoppedUnits.Unit> stopped = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.id().equals(STOPPING)) {
                begun.put(entry.unit(), entry.at());
            } else if (entry.id().equals(STOPPED) && entry.at() >= asked) {
                Optional.ofNullable(begun.remove(entry.unit()))
                        .ifPresent(from -> stopped.put(
                                entry.unit(), new StoppedUnits.Unit(entry.unit(), from - asked, entry.at() - asked)));
            }
        }
        return new StoppedUnits(
                Optional.empty(),
                stopped.values().stream()
                        .sorted(Comparator.comparingDouble((StoppedUnits.Unit unit) -> -unit.took())
                                .thenComparing(StoppedUnits.Unit::unit))
                        .limit(StoppedUnits.MOST)
                        .toList());
    }

    /** Returns quiesced's lines of the kernel's log, in the format of that log. */
    List<String> kernelLines() {
        return entries.stream()
                .filter(entry -> entry.identifier().equals(IDENTIFIER))
                .map(entry -> String.format(Locale.ROOT, "[%12.6f] %s: %s", entry.at(), IDENTIFIER, entry.message()))
                .toList();
    }
}
