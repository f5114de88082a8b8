// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

/** Thrown when no worker can be started: there is no thread, or no memory for one. */
public final class NoWorkerException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with the system's reason. */
    public NoWorkerException(String reason) {
        super(reason);
    }
}
