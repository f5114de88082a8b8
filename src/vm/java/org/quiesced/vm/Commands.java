// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the host. */
final class Commands {
    private Commands() {}

    /**
     * Runs a program and waits for it.
     *
     * @param log the file that receives its output
     * @throws IOException if it fails; the message ends with the last lines of its output
     */
    static void run(Path log, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        int code = process.waitFor();
        if (code != 0) {
            List<String> lines = Files.readAllLines(log);
            throw new IOException(String.join(" ", command) + " failed with " + code + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
    }
}
