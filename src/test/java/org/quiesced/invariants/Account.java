// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.List;

/**
 * The result of checking a simulated run.
 *
 * @param complaints the broken rules, one line each; a line begins with the rule
 * @param story the events and operations, in order
 */
public record Account(List<String> complaints, List<String> story) {
    /** Copies the lists. */
    public Account {
        complaints = List.copyOf(complaints);
        story = List.copyOf(story);
    }
}
