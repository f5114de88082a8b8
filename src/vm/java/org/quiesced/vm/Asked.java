// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

/** What {@code packaging/test} is asked for. */
final class Asked {
    /** The suite of the guest: {@code -Dquiesced.suite}. */
    static final String SUITE = System.getProperty("quiesced.suite", "bookworm");

    /** Whether scenarios that take long run too, and others do all that they can: {@code -Dquiesced.all}. */
    static final boolean ALL = System.getProperty("quiesced.all") != null;

    /**
     * The guest's processors: {@code -Dquiesced.cpus}; 0 means as many as the emulation is known to be stable with, two
     * at most.
     */
    static final int CPUS = Integer.getInteger("quiesced.cpus", 0);

    private Asked() {}
}
