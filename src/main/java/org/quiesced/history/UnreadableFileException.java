// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** A file cannot be read, or its content is invalid. The message names the file and the reason. */
public class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * Creates an exception.
     *
     * @param reason the reason in words, without the file
     */
    public UnreadableFileException(Path file, String reason) {
        super(file + ": " + reason);
        this.reason = reason;
    }

    /** Creates an exception with the reason of another one, whose message may lack the file or the reason. */
    UnreadableFileException(Path file, IOException cause) {
        this(file, reason(cause));
        initCause(cause);
    }

    /** Returns the reason in words, without the file. */
    public String reason() {
        return reason;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        String text = e instanceof FileSystemException failed ? failed.getReason() : e.getMessage();
        return Optional.ofNullable(text).orElse(e.getClass().getSimpleName());
    }
}
