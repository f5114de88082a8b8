// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.time.Duration;
import org.quiesced.host.Exitrd;

/** A simulated exitrd. Thread-safe. */
public final class SimulatedExitrd implements Exitrd {
    private final Duration unmounting;
    private final boolean isOurs;
    private volatile boolean withdrawn;

    /**
     * Creates an exitrd.
     *
     * @param isOurs whether it can be withdrawn
     */
    public SimulatedExitrd(Duration unmounting, boolean isOurs) {
        this.unmounting = unmounting;
        this.isOurs = isOurs;
    }

    /** Creates an exitrd for a root file system without cached content. */
    public SimulatedExitrd() {
        this(Duration.ZERO, true);
    }

    @Override
    public Duration unmounting() {
        return unmounting;
    }

    @Override
    public boolean withdraw() {
        withdrawn = isOurs;
        return withdrawn;
    }

    /** Returns whether it was withdrawn. */
    public boolean isWithdrawn() {
        return withdrawn;
    }
}
