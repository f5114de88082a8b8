// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.report.Outcome;

/**
 * A shutdown in the trace event format of Chrome's tracing, which ui.perfetto.dev reads: one track per device, and one
 * for the machine. Times are in microseconds.
 *
 * @param traceEvents the events
 */
public record TraceJson(List<Event> traceEvents) {
    private static final String COMPLETE = "X";
    private static final String METADATA = "M";
    private static final int PROCESS = 1;

    /**
     * An event; its fields have the names of the format.
     *
     * @param ph {@code X} for a span, {@code M} for the name of a track
     * @param ts its begin
     * @param dur its duration
     * @param tid the number of its track
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Event(
            String name,
            String ph,
            int pid,
            int tid,
            Optional<Long> ts,
            Optional<Long> dur,
            Map<String, String> args) {}

    /** Copies the list. */
    public TraceJson {
        traceEvents = List.copyOf(traceEvents);
    }

    /** Creates the trace of a shutdown. */
    public static TraceJson of(ShutdownRecord record) {
        List<Event> events = new ArrayList<>();
        events.add(track(0, "shutdown (" + record.verb() + ")"));
        Phases.of(record).parts().forEach(part -> events.add(span(part.name(), 0, part.from(), part.to(), Map.of())));
        int track = 0;
        for (DeviceRecord device : WalkLog.devicesOf(record)) {
            track++;
            if (device.start().isPresent() && device.end().isPresent()) {
                events.add(track(track, device.label()));
                addSpans(events, device, track);
            }
        }
        return new TraceJson(events);
    }

    private static void addSpans(List<Event> events, DeviceRecord device, int track) {
        double start = device.start().orElseThrow();
        double end = device.end().orElseThrow();
        events.add(span(
                device.outcome() == Outcome.KERNEL ? "kernel" : "shutdown",
                track,
                start,
                end,
                Map.of("driver", device.driver(), "outcome", device.outcome().word())));
        double from = start;
        if (device.flushed().isPresent()) {
            events.add(span("flush", track, from, device.flushed().get(), Map.of()));
            from = device.flushed().get();
        }
        if (device.removal().isPresent()) {
            events.add(span("check", track, from, device.removal().get(), Map.of()));
            events.add(
                    span("removal", track, device.removal().get(), device.stop().orElse(end), Map.of()));
        }
        device.stop().ifPresent(stop -> events.add(span("stop", track, stop, end, Map.of())));
    }

    private static Event span(String name, int track, double from, double to, Map<String, String> details) {
        long begin = Math.round(from * 1e6);
        long took = Math.max(0, Math.round(to * 1e6) - begin);
        return new Event(name, COMPLETE, PROCESS, track, Optional.of(begin), Optional.of(took), details);
    }

    private static Event track(int track, String name) {
        return new Event(
                "thread_name", METADATA, PROCESS, track, Optional.empty(), Optional.empty(), Map.of("name", name));
    }
}
