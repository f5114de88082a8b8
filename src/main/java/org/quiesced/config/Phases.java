// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * A value of {@code phases}: in which phases of which verb's shutdown a device may go down.
 *
 * @param allowed the phases by verb; a verb that is not in it has all of them
 */
public record Phases(Map<Verb, Set<Phase>> allowed) {
    /** Copies the map. */
    public Phases {
        Map<Verb, Set<Phase>> copy = new EnumMap<>(Verb.class);
        allowed.forEach((verb, phases) -> copy.put(verb, Set.copyOf(phases)));
        allowed = Map.copyOf(copy);
    }

    /** Returns whether a device may go down in that phase of that verb's shutdown. */
    public boolean allow(Phase phase, Verb verb) {
        return !allowed.containsKey(verb) || allowed.get(verb).contains(phase);
    }
}
