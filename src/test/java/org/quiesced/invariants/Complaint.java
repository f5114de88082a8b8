// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

/** The form of a complaint. */
public final class Complaint {
    private Complaint() {}

    /** Returns the rule that is broken, and by what. */
    public static String text(String rule, Object... of) {
        StringBuilder text = new StringBuilder(rule);
        for (Object part : of) {
            text.append(": ").append(part);
        }
        return text.toString();
    }
}
