// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.Lockstep;

class FaultRunsTest {
    private final Stages stages = new Stages();
    private final Lockstep.Threads threads = new Lockstep.Threads();

    @Test
    void quick() {
        long t = System.nanoTime();
        int runs = 0;
        TreeMap<String, String> found = new TreeMap<>();
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (String name : List.of(
                "nvme-24~4.parallel",
                "sas-60~3.serial",
                "sas-60~4.parallel",
                "random-1",
                "random-2",
                "random-3",
                "random-4")) {
            Stage stage = stages.byName(name);
            for (Verb verb : Verb.values()) {
                for (OptionalLong late : List.of(OptionalLong.empty(), OptionalLong.of(3000))) {
                    Scenario base = new Scenario(name, verb, late, 1, List.of());
                    Trial sound = Trial.of(base, stage, threads);
                    List<Call> calls = new ArrayList<>(sound.kernel().calls());
                    List<Scenario> all = new ArrayList<>(List.of(base));
                    for (Call call : calls) {
                        for (Wrong wrong : call.site.faults()) {
                            if (call.site == Site.LOOK && wrong.kind() == Wrong.Kind.LATE) continue;
                            all.add(base.with(new Injection(call.number, wrong, false)));
                            all.add(base.with(new Injection(call.number, wrong, true)));
                        }
                    }
                    for (Scenario s : all) {
                        runs++;
                        for (String c : RunChecker.complaints(Trial.of(s, stage, threads))) {
                            String rule = c.substring(0, c.indexOf(':') < 0 ? c.length() : c.indexOf(':'));
                            found.putIfAbsent(rule, s + "\n     " + c);
                            counts.merge(rule, 1, Integer::sum);
                        }
                    }
                }
            }
        }
        System.out.println(runs + " runs in " + (System.nanoTime() - t) / 1_000_000 + " ms");
        found.forEach((k, v) -> System.out.println(counts.get(k) + " x " + v));
        assertThat(found).isEmpty();
    }
}
