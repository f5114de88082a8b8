// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.config.Config;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Verb;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.report.EventWords;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads this machine, plans, and shuts down for real, in one go. */
public final class OneShot {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final Kernel kernel;
    private final Config config;
    private final Verb verb;

    /** Prepares it. */
    public OneShot(Kernel kernel, Config config, Verb verb) {
        this.kernel = kernel;
        this.config = config;
        this.verb = verb;
    }

    /** What was planned, and what came of it. */
    public record Result(Plan plan, Timeline timeline) {
        /** Returns whether each device that was ours went down, or turned out to be in use. */
        public boolean isGood() {
            return timeline.outcomes().stream()
                    .flatMap(outcome -> outcome.leftBecause().stream())
                    .noneMatch(reason -> reason instanceof Reason.Failed
                            || reason instanceof Reason.TimedOut
                            || reason instanceof Reason.DeadlineReached);
        }
    }

    /**
     * Does it.
     *
     * @param spent how much of the deadline has passed already
     * @throws IOException if the machine can't be read; nothing was done then
     */
    public Result run(Duration spent) throws IOException {
        Plan plan = Planner.ahead(config).plan(kernel.readTree());
        plan.warnings().forEach(LOG::warn);
        EventWords words = new EventWords(plan, EventWords.Weight.DEBUG);
        Sentences.log(words.beginning(verb.word()));
        Duration left = config.deadline().minus(spent);
        Timeline timeline =
                new Run(plan, verb, kernel, left, event -> words.of(event).ifPresent(Sentences::log)).execute();
        Sentences.log(words.end(timeline));
        return new Result(plan, timeline);
    }
}
