// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.nio.file.Path;
import java.util.Optional;

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

    /**
     * The directory with the packages of the guest's kernel, {@code linux-image-*} and {@code linux-headers-*}:
     * {@code -Dquiesced.kernel}. By default the guest has Debian's.
     */
    static final Optional<Path> KERNEL =
            Optional.ofNullable(System.getProperty("quiesced.kernel")).map(Path::of);

    private Asked() {}
}
