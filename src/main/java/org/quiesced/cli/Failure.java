// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

/** The command can't do what was asked. The message tells the user what was wrong, where, and what to do. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    /** Creates a failure with the message of an error that tells all of this. */
    Failure(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
