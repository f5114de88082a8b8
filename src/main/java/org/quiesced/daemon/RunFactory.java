// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.function.Consumer;
import org.quiesced.hook.Progress;
import org.quiesced.kernel.Kernel;
import org.quiesced.plan.EarlyRule;
import org.quiesced.run.Event;
import org.quiesced.run.Run;
import org.quiesced.run.RunOptions;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.work.WorkerSource;

/** Creates the runs of a shutdown, by the phase in which they begin. Executes none. Safe for use by several threads. */
final class RunFactory {
    // Shared by all phases: the warm-up executes only one of them, and must load the classes for all.
    private static final Runnable NOTHING = () -> {};
    private static final Consumer<Event> NOBODY = event -> {};

    private final Kernel kernel;
    private final WorkerSource workers;
    private final Reports reports;
    private final OrphanedDisks orphanedDisks;

    /**
     * Creates a factory.
     *
     * @param reports the receivers of the events and the ends of the runs
     */
    RunFactory(Kernel kernel, WorkerSource workers, Reports reports, OrphanedDisks orphanedDisks) {
        this.kernel = kernel;
        this.workers = workers;
        this.reports = reports;
        this.orphanedDisks = orphanedDisks;
    }

    /**
     * Returns a run that begins with the early phase.
     *
     * @param rule determines which devices may go down in it
     */
    ReportedRun early(Verb verb, Snapshot now, Progress progress, EarlyRule rule) {
        return reported(verb, now, progress, NOTHING, RunOptions.early(rule), NOBODY);
    }

    /**
     * Returns a run that begins in the early phase before the network is stopped.
     *
     * @param wait also receives each event
     */
    ReportedRun network(Verb verb, Snapshot now, Progress progress, EarlyRule rule, NetworkWait wait) {
        return reported(verb, now, progress, NOTHING, RunOptions.network(rule), wait);
    }

    /**
     * Returns a run that begins with the late phase. It first stops the {@link OrphanedDisks}.
     *
     * @param deadline longest duration of the phase
     * @param followed whether an exitrd follows
     */
    ReportedRun late(Verb verb, Snapshot now, Progress progress, Duration deadline, boolean followed) {
        progress.late(verb, followed);
        RunOptions options = RunOptions.late(deadline, followed);
        Runnable before = orphanedDisks.stopAndThen(now.ready().plan().types(), verb, deadline, left -> {});
        return reported(verb, now, progress, before, options, NOBODY);
    }

    private ReportedRun reported(
            Verb verb, Snapshot now, Progress progress, Runnable before, RunOptions options, Consumer<Event> also) {
        progress.expect(now.expected().of(verb));
        return new ReportedRun(
                now.ready(),
                verb,
                progress,
                reports,
                before,
                listener -> new Run(now.ready(), verb, kernel, workers, options, listener.andThen(also)));
    }
}
