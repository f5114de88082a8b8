// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.log.Logging;

/**
 * Where the daemon reports what it does in a shutdown.
 *
 * @param log for administrators
 * @param events for the followers of the control socket
 * @param recorder for the next boot
 */
record Reports(Logging.ShutdownLog log, EventStream events, ShutdownRecorder recorder) {
    /** Writes what is recorded to the log, which the kernel may carry over the restart. */
    void carryRecord() {
        recorder.carry(log);
    }
}
