// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where a command's results go. */
final class Output {
    private final PrintWriter out;
    private final Terminal terminal;

    Output(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    void line(String text) {
        out.println(text);
    }

    /** Writes something without a line end, at once. */
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

    /** Writes lines, through a pager if a person looks at them and has not declined it. */
    void paged(List<String> lines, boolean noPager) {
        if (noPager || !terminal.isThere() || !pager(lines)) {
            lines.forEach(out::println);
        }
    }

    /** Returns whether a pager has shown the lines. */
    private boolean pager(List<String> lines) {
        String command = Stream.of("SYSTEMD_PAGER", "PAGER")
                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream())
                .findFirst()
                .orElse("less");
        if (command.isBlank() || command.equals("cat")) {
            return false;
        }
        // -F: leave at once if it fits on the screen; -S: cut long lines; -X: leave the text on the screen.
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putIfAbsent("LESS", "FRSXMK");
        try {
            Process process = builder.start();
            try (PrintWriter text =
                    new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
                lines.forEach(text::println);
            }
            // 127: the shell found no such command.
            return process.waitFor() != 127;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
