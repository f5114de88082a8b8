// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the command without a terminal, and keeps its output. */
abstract class CommandLineTest {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    int run(String... arguments) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), Terminal.NONE, arguments);
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }
}
