// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

/**
 * A fault that is injected into a run.
 *
 * @param call the number of the affected call, from 0
 * @param forGood whether it also affects each later call of the same kind for the same device
 */
record Injection(int call, Wrong wrong, boolean forGood) {
    @Override
    public String toString() {
        return call + ":" + wrong + (forGood ? "!" : "");
    }

    static Injection parse(String text) {
        boolean forGood = text.endsWith("!");
        int colon = text.indexOf(':');
        return new Injection(
                Integer.parseInt(text.substring(0, colon)),
                Wrong.parse(text.substring(colon + 1, text.length() - (forGood ? 1 : 0))),
                forGood);
    }
}
