// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.PrintWriter;
import java.util.List;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.report.Layout;
import org.quiesced.report.Page;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The standard output and standard error of a command. */
final class Output {
    /** The sentence after tables that do not fit the terminal, as of systemctl(1). */
    private static final String SHORTENED = "Hint: Some columns were shortened or left out, use -l to show in full.";

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

    /**
     * Writes text: through a pager, with its tables in full, if the output is a terminal and {@code noPager} is false;
     * or else with its tables fitted to the terminal, unless {@code full}.
     */
    void page(Page page, boolean noPager, boolean full) {
        Layout layout = layout();
        if (noPager || !terminal.isThere() || !pager().show(encoded(page.lines(layout.full())))) {
            write(page, full ? layout.full() : layout);
        }
    }

    /** Writes a paragraph, which wraps at the width of the terminal. */
    void paragraph(String text) {
        paragraph("", text);
    }

    /** Writes a paragraph behind a label. */
    void paragraph(String label, String text) {
        write(new Page().item(label, text), layout());
    }

    /** Writes text that is short. */
    void write(Page page) {
        write(page, layout());
    }

    private void write(Page page, Layout layout) {
        List<String> lines = page.lines(layout);
        encoded(lines).forEach(out::println);
        if (!layout.equals(layout.full()) && !words(lines).equals(words(page.lines(layout.full())))) {
            paragraph(SHORTENED);
        }
    }

    /** Returns the text without blanks and line ends. */
    private static String words(List<String> lines) {
        return String.join("", lines).replace(" ", "");
    }

    private List<String> encoded(List<String> lines) {
        return terminal.isUtf8() ? lines : Ascii.of(lines);
    }

    private Layout layout() {
        int width = terminal.isThere() ? terminal.columns() : Layout.UNLIMITED;
        return new Layout(width, width, Colours.areOn(terminal));
    }

    private Pager pager() {
        return new Pager(terminal.environment(), LinuxHost.becameAnotherUser());
    }
}
