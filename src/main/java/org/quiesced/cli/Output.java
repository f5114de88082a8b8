// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.PrintWriter;
import java.util.List;
import org.quiesced.host.linux.LinuxHost;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The standard output and standard error of a command. */
final class Output {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Terminal terminal;

    Output(PrintWriter out, PrintWriter err, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Returns the writer of the standard output. */
    PrintWriter out() {
        return out;
    }

    /** Returns the writer of the standard error. */
    PrintWriter err() {
        return err;
    }

    Terminal terminal() {
        return terminal;
    }

    /** Returns whether a write has failed, for example because the reader has closed the pipe. */
    boolean isLost() {
        return out.checkError();
    }

    void line(String text) {
        out.println(text);
    }

    /** Writes a message to the standard error. */
    void warn(String text) {
        err.println("quiescectl: " + text);
    }

    /** Writes text without a line end, and flushes it. */
    void raw(String text) {
        out.print(text);
        out.flush();
    }

    void json(Object value, JsonMode mode) {
        JsonMapper mapper = mode == JsonMode.PRETTY
                ? JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                : JsonMapper.shared();
        out.println(mapper.writeValueAsString(value));
    }

    /** Writes lines, through a pager if the output is a terminal and {@code noPager} is false. */
    void paged(List<String> lines, boolean noPager) {
        if (noPager || !terminal.isThere() || !pager().show(lines)) {
            lines.forEach(out::println);
        }
    }

    private static Pager pager() {
        return new Pager(System.getenv(), LinuxHost.becameAnotherUser());
    }
}
