// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.quiesced.kernel.simulated.Lockstep;

/** Runs and checks many trials. For one thread. */
final class Campaign {
    private final Stages stages = new Stages();
    private final Lockstep.Threads threads = new Lockstep.Threads();
    private final Consumer<Trial> witness;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private volatile Scenario current;
    private int runs;

    /**
     * Creates a campaign.
     *
     * @param witness receives each trial
     */
    Campaign(Consumer<Trial> witness) {
        this.witness = witness;
    }

    /** Returns the number of runs. */
    int runs() {
        return runs;
    }

    /** Returns the first failure of each kind, with the option that replays it. */
    List<String> failures() {
        return List.copyOf(failures.values());
    }

    /** Starts a thread that reports to standard error if a run hangs for 60 s. A run normally takes a millisecond. */
    void watch() {
        Thread watch = new Thread(this::tellOfHangs, "campaign-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void tellOfHangs() {
        try {
            while (true) {
                Scenario before = current;
                Thread.sleep(60_000);
                if (before != null && before == current) {
                    System.err.println("This run hangs: -Dquiesced.replay=" + before);
                }
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** Runs and checks a scenario, and returns its trial. */
    Trial run(Scenario scenario) {
        current = scenario;
        Trial trial = Trial.of(scenario, stages.byName(scenario.stage()), threads);
        current = null;
        runs++;
        for (String complaint : trial.complaints()) {
            failures.putIfAbsent(kindOf(complaint), complaint + "\n    -Dquiesced.replay=" + scenario);
        }
        witness.accept(trial);
        return trial;
    }

    private static String kindOf(String complaint) {
        int colon = complaint.indexOf(':');
        return colon < 0 ? complaint : complaint.substring(0, colon);
    }

    /**
     * Runs a scenario with each fault at each of its calls, once and permanently.
     *
     * @param share executes each n-th of these runs, from an offset that depends on the seed; 1 executes all
     */
    void exhaust(Scenario base, int share) {
        int at = (int) Math.floorMod(base.seed(), (long) share);
        for (Injection injection : injections(run(base))) {
            if (at++ % share == 0) {
                run(base.with(injection));
            }
        }
    }

    private static List<Injection> injections(Trial sound) {
        List<Injection> all = new ArrayList<>();
        for (Call call : sound.kernel().calls()) {
            for (Wrong wrong : call.site.faults()) {
                all.add(new Injection(call.number, wrong, false));
                all.add(new Injection(call.number, wrong, true));
            }
        }
        return all;
    }

    /**
     * Runs a scenario with two random faults each, at most {@code count} times. The second fault is one that is
     * possible after the first.
     */
    void pairs(Scenario base, int count) {
        SplittableRandom dice = new SplittableRandom(base.seed());
        List<Injection> first = injections(run(base));
        for (int i = 0; i < count && !first.isEmpty(); i++) {
            Injection one = first.get(dice.nextInt(first.size()));
            List<Injection> second = injections(run(base.with(one)));
            for (int j = 0; j < 4 && i < count; j++, i++) {
                run(base.with(one, second.get(dice.nextInt(second.size()))));
            }
        }
    }
}
