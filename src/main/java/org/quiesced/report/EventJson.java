// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.run.Event;

/**
 * An event in the JSON of the control socket.
 *
 * @param kind the kind of the event
 * @param device the sysfs path of the device; absent for {@link Kind#END}
 * @param at its time, in seconds since the run began
 * @param reason the reason or the ending; absent if there is none
 * @param awaited what a deferred device waits for
 * @param drives the number of drives by outcome; only for {@link Kind#END}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EventJson(
        Kind kind,
        Optional<String> device,
        double at,
        Optional<ReasonJson> reason,
        Optional<Awaited> awaited,
        Optional<OutcomeCounts> drives) {
    /** The kind of an event. The JSON form is the name in lower case. */
    public enum Kind {
        /** The device is part of the plan. */
        PLANNED,
        /** Its shutdown has begun. */
        STARTED,
        /** Its caches are written. */
        FLUSHED,
        /** The removal of its driver is about to begin. */
        UNBINDING,
        /** Its driver is gone. */
        DONE,
        /** An additional step for the verb of the late phase has ended. */
        FINISHED,
        /** The device waits for a later phase. */
        DEFERRED,
        /** A step failed. */
        FAILED,
        /** The device is left to the kernel. */
        LEFT,
        /** The shutdown was cancelled, and its driver is bound again. */
        RESTORED,
        /** The shutdown was cancelled, and its driver could not be bound. */
        NOT_RESTORED,
        /** The run has ended. */
        END;

        /** Returns the JSON form. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a deferred device waits for. The JSON form is the name in lower case. */
    public enum Awaited {
        /** The local file systems to be unmounted. */
        UNMOUNTING,
        /** The late phase. */
        LATE_PHASE,
        /** The hook of the exitrd. */
        EXITRD;

        /** Returns the JSON form. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns whether the control socket reports an event: the stop of a disk is a part of its shutdown. */
    public static boolean isReported(Event event) {
        return !(event instanceof Event.Stopping);
    }

    /** Converts those of the events that the control socket reports. */
    public static List<EventJson> reported(List<Event> events) {
        return events.stream().filter(EventJson::isReported).map(EventJson::of).toList();
    }

    /** Converts an event that is reported. */
    public static EventJson of(Event event) {
        if (event instanceof Event.Planned) {
            return plain(Kind.PLANNED, event);
        } else if (event instanceof Event.Started) {
            return plain(Kind.STARTED, event);
        } else if (event instanceof Event.Flushed) {
            return plain(Kind.FLUSHED, event);
        } else if (event instanceof Event.Unbinding) {
            return plain(Kind.UNBINDING, event);
        } else if (event instanceof Event.Done done) {
            return of(Kind.DONE, event, ReasonJson.of(done.ending()));
        } else if (event instanceof Event.Finished finished) {
            return of(Kind.FINISHED, event, ReasonJson.of(finished.ending()));
        } else if (event instanceof Event.Restored) {
            return plain(Kind.RESTORED, event);
        } else if (event instanceof Event.NotRestored notRestored) {
            return of(Kind.NOT_RESTORED, event, Optional.of(ReasonJson.failed(notRestored.detail())));
        } else if (event instanceof Event.Deferred deferred) {
            Awaited awaited = Awaited.valueOf(deferred.awaited().name());
            return of(Kind.DEFERRED, event, Optional.of(ReasonJson.of(deferred.reason())), Optional.of(awaited));
        } else if (event instanceof Event.Failed failed) {
            return of(Kind.FAILED, event, Optional.of(ReasonJson.failed(failed.detail())));
        }
        return of(Kind.LEFT, event, Optional.of(ReasonJson.of(((Event.LeftToKernel) event).reason())));
    }

    private static EventJson plain(Kind kind, Event event) {
        return of(kind, event, Optional.empty());
    }

    private static EventJson of(Kind kind, Event event, Optional<ReasonJson> reason) {
        return of(kind, event, reason, Optional.empty());
    }

    private static EventJson of(Kind kind, Event event, Optional<ReasonJson> reason, Optional<Awaited> awaited) {
        return new EventJson(
                kind, Optional.of(event.device().path()), event.at() / 1e9, reason, awaited, Optional.empty());
    }

    /**
     * Creates the last event of a run.
     *
     * @param at the duration of the run, in nanoseconds
     */
    public static EventJson end(long at, OutcomeCounts drives) {
        return new EventJson(
                Kind.END, Optional.empty(), at / 1e9, Optional.empty(), Optional.empty(), Optional.of(drives));
    }

    /** Returns the reason or the ending in words; empty if there is none. */
    public String detail() {
        return switch (kind) {
            case FAILED, NOT_RESTORED -> reason.flatMap(ReasonJson::error).orElse("");
            default -> reason.map(ReasonJson::describe).orElse("");
        };
    }
}
