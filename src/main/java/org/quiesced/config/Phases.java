// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * A value of {@code phases}: the phases in which a device may be shut down.
 *
 * @param allowed the phases by verb; a verb that is absent has all phases
 */
public record Phases(Map<Verb, Set<Phase>> allowed) {
    /** Copies the map. */
    public Phases {
        Map<Verb, Set<Phase>> copy = new EnumMap<>(Verb.class);
        allowed.forEach((verb, phases) -> copy.put(verb, Set.copyOf(phases)));
        allowed = Map.copyOf(copy);
    }

    /** Returns whether a device may be shut down in a phase of a verb's shutdown. */
    public boolean allow(Phase phase, Verb verb) {
        return !allowed.containsKey(verb) || allowed.get(verb).contains(phase);
    }
}
