// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** A command failed. The message names the cause, the object and the remedy. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    /** Creates a failure with the message of its cause; that of some is only the name of a file. */
    Failure(Exception cause) {
        super(
                cause.getMessage()
                        + (cause instanceof AccessDeniedException
                                ? ": Permission denied"
                                : cause instanceof NoSuchFileException ? ": No such file or directory" : ""),
                cause);
    }
}
