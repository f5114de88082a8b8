// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

/** System properties that {@code packaging/test} accepts. */
final class Asked {
    /** The suite of the guest: {@code -Dquiesced.suite}. */
    static final String SUITE = System.getProperty("quiesced.suite", "bookworm");

    /** Whether scenarios that take long run too, and others run in full: {@code -Dquiesced.all}. */
    static final boolean ALL = System.getProperty("quiesced.all") != null;

    /**
     * The number of the guest's processors: {@code -Dquiesced.cpus}. 0 means as many as the emulation is known to be
     * stable with, at most two.
     */
    static final int CPUS = Integer.getInteger("quiesced.cpus", 0);

    private Asked() {}
}
