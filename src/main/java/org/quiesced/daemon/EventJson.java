// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.Optional;
import org.quiesced.run.Event;

/**
 * An event as the control socket tells it.
 *
 * @param kind what happened
 * @param device to which device; nothing at the end
 * @param at when, in seconds since the run began
 * @param detail why, where there is something to say; at the end, the sums
 */
record EventJson(String kind, Optional<String> device, double at, Optional<String> detail) {
    static EventJson of(Event event) {
        String kind;
        String detail = null;
        if (event instanceof Event.Planned) {
            kind = "planned";
        } else if (event instanceof Event.Started) {
            kind = "started";
        } else if (event instanceof Event.Flushed) {
            kind = "flushed";
        } else if (event instanceof Event.Unbinding) {
            kind = "unbinding";
        } else if (event instanceof Event.Done done) {
            kind = "done";
            detail = done.ending().shortcoming().orElse(null);
        } else if (event instanceof Event.Finished finished) {
            kind = "finished";
            detail = finished.ending().shortcoming().orElse(null);
        } else if (event instanceof Event.Restored) {
            kind = "restored";
        } else if (event instanceof Event.NotRestored notRestored) {
            kind = "not-restored";
            detail = notRestored.detail();
        } else if (event instanceof Event.Deferred deferred) {
            kind = "deferred";
            detail = deferred.reason().describe();
        } else if (event instanceof Event.Failed failed) {
            kind = "failed";
            detail = failed.detail();
        } else {
            kind = "left";
            detail = ((Event.LeftToKernel) event).reason().describe();
        }
        return new EventJson(kind, Optional.of(event.device().path()), event.at() / 1e9, Optional.ofNullable(detail));
    }

    /** Makes the end of a run, with its sums in words. */
    static EventJson end(long at, String sums) {
        return new EventJson("end", Optional.empty(), at / 1e9, Optional.of(sums));
    }
}
