// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/** Receives the progress of a shutdown. Each call returns at once. Any thread may call. */
public interface ShutdownWatch {
    /** Watches nothing. */
    ShutdownWatch NONE = new ShutdownWatch() {};

    /** A shutdown was asked for: its first sign. It may come late, or not at all. */
    default void stopping(Verb verb, Snapshot snapshot) {}

    /** A run begins in the early phase. */
    default void early(Verb verb, Snapshot snapshot, Run run) {}

    /** A run begins in the late phase, or goes over to it. */
    default void late(Verb verb, Snapshot snapshot, Run run) {}

    /** A run has ended, and the daemon is ready for another. */
    default void ended(Run run, Timeline timeline) {}
}
