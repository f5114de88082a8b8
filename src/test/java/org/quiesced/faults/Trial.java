// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.run.Event;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;

/**
 * One run on a stage, and the account that the kernel gives of it: each call, and each event at its place among the calls.
 *
 * @param returned the place at which the run returned
 * @param latePlace the place at which the late phase was announced; empty if there was no early one
 * @param deadline the latest time at which the run may return
 * @param took when it returned
 */
record Trial(
        Scenario scenario,
        Stage stage,
        FaultyKernel kernel,
        List<Told> told,
        Timeline timeline,
        int returned,
        OptionalInt latePlace,
        long deadline,
        long took,
        boolean expeditedAfterwards) {
    /** What a run may take in a trial. */
    static final Duration DEADLINE = Duration.ofSeconds(80);

    /** An event, and its place. */
    record Told(Event event, int place) {}

    /** Lets the kernel that a run sees be another one than the one that keeps the account, to plant bugs. */
    @FunctionalInterface
    interface Disguise {
        Kernel of(Kernel kernel);
    }

    static Trial of(Scenario scenario, Stage stage, Lockstep.Threads threads) {
        return of(scenario, stage, threads, DEADLINE, kernel -> kernel);
    }

    static Trial of(Scenario scenario, Stage stage, Lockstep.Threads threads, Duration deadline, Disguise disguise) {
        Lockstep time = new Lockstep(threads, scenario.seed());
        FaultyKernel kernel = new FaultyKernel(time.kernel(stage.machine()), stage, time, scenario.injections());
        List<Told> told = new ArrayList<>();
        int[] latePlace = {-1};
        long[] latest = {deadline.toNanos()};
        Kernel seen = disguise.of(kernel);
        Run run = scenario.late().isEmpty()
                ? new Run(
                        stage.groundwork(), scenario.verb(), seen, deadline, e -> told.add(new Told(e, kernel.place())))
                : Run.early(stage.groundwork(), scenario.verb(), seen, e -> told.add(new Told(e, kernel.place())));
        if (scenario.late().isPresent()) {
            time.begin(() -> {
                time.spend(TimeUnit.MILLISECONDS.toNanos(scenario.late().getAsLong()));
                kernel.letGoOfHalf();
                latePlace[0] = kernel.place();
                latest[0] = time.now() + deadline.toNanos();
                run.late(deadline);
            });
        }
        Timeline timeline = run.execute();
        int returned = kernel.place();
        long took = time.now();
        // Whatever hangs goes on when the run is over, and may do nothing wrong then either.
        time.awaitAllOthers();
        return new Trial(
                scenario,
                stage,
                kernel,
                told,
                timeline,
                returned,
                latePlace[0] < 0 ? OptionalInt.empty() : OptionalInt.of(latePlace[0]),
                latest[0],
                took,
                kernel.simulated().hasExpeditedGracePeriods());
    }
}
