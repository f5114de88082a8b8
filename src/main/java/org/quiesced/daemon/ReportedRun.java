// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.function.Consumer;
import java.util.function.Function;
import org.quiesced.hook.Progress;
import org.quiesced.report.EventMessages;
import org.quiesced.report.EventMessages.Message;
import org.quiesced.report.EventMessages.Severity;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/**
 * A run whose events are reported, on the run's own thread and in this order, to the hook's progress, the record, the
 * log, and the subscribers of the control socket.
 */
final class ReportedRun {
    private final Reports reports;
    private final Verb verb;
    private final Progress progress;
    private final EventMessages messages;
    private final Runnable before;
    private final Consumer<Event> record;
    private final Run run;

    /**
     * Creates a run, and reports its beginning. Does not execute it.
     *
     * @param verb the verb of the phase with which the run begins
     * @param before called by {@link #execute} before the first device
     * @param maker creates the run, given the listener to its events
     */
    ReportedRun(
            PreparedPlan ready,
            Verb verb,
            Progress progress,
            Reports reports,
            Runnable before,
            Function<Consumer<Event>, Run> maker) {
        this.reports = reports;
        this.verb = verb;
        this.progress = progress;
        this.before = before;
        reports.log().begin();
        progress.begin(ready);
        this.messages = new EventMessages(ready.plan(), Severity.INFO);
        this.record = reports.recorder().begins(verb, ready);
        this.run = maker.apply(this::report);
    }

    Run run() {
        return run;
    }

    Progress progress() {
        return progress;
    }

    private void report(Event event) {
        progress.accept(event);
        record.accept(event);
        messages.of(event).ifPresent(reports.log()::say);
        reports.events().tell(event);
    }

    /**
     * Executes the run on the calling thread, and reports its end. Does not end the {@link Progress}, because the
     * caller may have more to do before the hook may return.
     */
    Timeline execute() {
        reports.log().say(new Message(Severity.INFO, verb.word() + ": the drives go down"));
        before.run();
        Timeline timeline = run.execute();
        reports.log().say(messages.end(timeline));
        reports.carryRecord();
        reports.events().end(timeline.took().toNanos(), () -> messages.drives(timeline));
        reports.log().drain();
        return timeline;
    }
}
