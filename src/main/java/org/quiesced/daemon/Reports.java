// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.log.Logging;

/**
 * The receivers of the daemon's reports on a shutdown.
 *
 * @param log the log for administrators
 * @param events the subscribers of the control socket
 * @param recorder the record for the next boot
 */
record Reports(Logging.ShutdownLog log, EventStream events, ShutdownRecorder recorder) {
    /** Writes the record to the log, which the kernel may keep over the restart. */
    void carryRecord() {
        recorder.carry(log);
    }
}
