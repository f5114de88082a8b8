// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.quiesced.shutdown.Verb;

/**
 * Everything on which a trial depends: equal scenarios give equal trials. A scenario is written as one word, by which a
 * failure can be replayed.
 *
 * @param stage the name of the stage, for {@link Stages}
 * @param verb the verb with which the run begins
 * @param course the phases and notifications of the run, with their times
 * @param seed decides the order of strands that may run at the same time
 * @param injections the faults
 */
record Scenario(String stage, Verb verb, Course course, long seed, List<Injection> injections) {
    Scenario {
        injections = List.copyOf(injections);
    }

    Scenario with(Injection... more) {
        return new Scenario(stage, verb, course, seed, List.of(more));
    }

    @Override
    public String toString() {
        return String.join(
                "/",
                stage,
                verb.word(),
                course.toString(),
                Long.toString(seed),
                injections.stream().map(Injection::toString).collect(Collectors.joining(",")));
    }

    static Scenario parse(String text) {
        String[] parts = text.split("/", -1);
        return new Scenario(
                parts[0],
                Verb.ofWord(parts[1]).orElseThrow(),
                Course.parse(parts[2]),
                Long.parseLong(parts[3]),
                parts[4].isEmpty()
                        ? List.of()
                        : Arrays.stream(parts[4].split(","))
                                .map(Injection::parse)
                                .toList());
    }
}
