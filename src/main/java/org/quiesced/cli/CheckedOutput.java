// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/** An output that remembers why something could not be written; a {@link PrintWriter} only tells that. */
final class CheckedOutput extends FilterOutputStream {
    /** What the Java runtime makes of {@code EPIPE}. */
    private static final String NO_READER = "Broken pipe";

    private String failure = "";

    CheckedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure.isEmpty() ? String.valueOf(e.getMessage()) : failure;
            throw e;
        }
    }

    /**
     * Returns the exit code of a command that has ended with another one: 1 if not all could be written. Says why,
     * unless the reader has gone, as head(1) does when it has seen enough.
     */
    int exitCode(int code, PrintWriter err) {
        if (failure.isEmpty()) {
            return code;
        }
        if (!failure.equals(NO_READER)) {
            err.println("quiescectl: the output cannot be written: " + failure);
        }
        return 1;
    }
}
