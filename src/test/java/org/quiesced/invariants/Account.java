// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.List;

/**
 * What is known of a simulated run when it is over.
 *
 * @param complaints what was wrong with it, a line for each; each begins with the rule that is broken
 * @param story what happened, in order
 */
public record Account(List<String> complaints, List<String> story) {
    /** Copies the lists. */
    public Account {
        complaints = List.copyOf(complaints);
        story = List.copyOf(story);
    }
}
