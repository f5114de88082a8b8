// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/** Listener to the phases of a shutdown. Each method returns at once. Safe for use by several threads. */
public interface ShutdownWatch {
    /** Ignores everything. */
    ShutdownWatch NONE = new ShutdownWatch() {};

    /** A shutdown was requested. May be called after {@link #early} or {@link #late}, or not at all. */
    default void stopping(Verb verb, Snapshot snapshot) {}

    /** A run begins in the early phase. */
    default void early(Verb verb, Snapshot snapshot, Run run) {}

    /** A run begins in the late phase, or continues with it. */
    default void late(Verb verb, Snapshot snapshot, Run run) {}

    /** A run has ended, and the daemon can begin another. */
    default void ended(Run run, Timeline timeline) {}
}
