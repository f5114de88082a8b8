// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.quiesced.kernel.simulated.Lockstep;

/** Many trials, each of which is checked. For one thread. */
final class Campaign {
    private final Stages stages = new Stages();
    private final Lockstep.Threads threads = new Lockstep.Threads();
    private final Consumer<Trial> witness;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private volatile Scenario current;
    private int runs;

    /**
     * Makes a campaign.
     *
     * @param witness is shown each trial
     */
    Campaign(Consumer<Trial> witness) {
        this.witness = witness;
    }

    /** Returns how many runs there were. */
    int runs() {
        return runs;
    }

    /** Returns the first failure of each kind, with the line that replays it. */
    List<String> failures() {
        return List.copyOf(failures.values());
    }

    /** Says on the console which run hangs, if one ever does: it takes a millisecond otherwise. */
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

    /** Runs a scenario, and returns what the kernel has seen of it. */
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
     * Lets each call of a scenario go wrong in each way, once and for good.
     *
     * @param share takes one in so many of these, from a place that depends on the seed; 1 takes all
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

    /** Lets two faults befall each of so many runs. The second is one of those that the first leaves possible. */
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
