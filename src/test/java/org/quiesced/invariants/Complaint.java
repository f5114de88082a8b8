// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

/** Formats complaints. */
public final class Complaint {
    private Complaint() {}

    /** Returns the text of a complaint: the broken rule, and the objects concerned. */
    public static String text(String rule, Object... of) {
        StringBuilder text = new StringBuilder(rule);
        for (Object part : of) {
            text.append(": ").append(part);
        }
        return text.toString();
    }
}
