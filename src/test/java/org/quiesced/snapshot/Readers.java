// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.util.Optional;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;

/** Readers of simulated machines without an exitrd. */
public final class Readers {
    private Readers() {}

    /** Creates a reader for the supported types of drives. */
    public static SnapshotReader of(SimulatedKernel kernel) {
        return of(kernel, DriveTypes.SUPPORTED);
    }

    /** Creates a reader for the given types of drives. */
    public static SnapshotReader of(SimulatedKernel kernel, DriveTypes types) {
        return new SnapshotReader(
                kernel, kernel.workers(), types, () -> Optional.of("none here"), () -> ExpectedTimes.NONE);
    }
}
