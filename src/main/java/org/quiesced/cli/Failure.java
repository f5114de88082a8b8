// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

/** A command failed. The message names the cause, the object and the remedy. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    /** Creates a failure with the message of its cause. */
    Failure(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
