// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The result of a command.
 *
 * @param code its exit status
 * @param out its standard output
 * @param err its standard error
 */
record Command(int code, String out, String err) {
    /** Runs quiescectl without a terminal. */
    static Command run(String... arguments) {
        return on(Terminal.NONE, arguments);
    }

    /** Runs quiescectl on a terminal. */
    static Command on(Terminal terminal, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), terminal, arguments);
        return new Command(code, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }
}
