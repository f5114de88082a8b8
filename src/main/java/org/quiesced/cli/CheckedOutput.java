// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/** An output stream that keeps its first write error, of which {@link PrintWriter} only reports that there was one. */
final class CheckedOutput extends FilterOutputStream {
    /** Message of the Java runtime for {@code EPIPE}. */
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
     * Returns the exit code of a command: 1 if its output could not be written, or else {@code code}. Reports the
     * error, unless the reader has closed the pipe, as head(1) does.
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
