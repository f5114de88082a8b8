// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs that a test starts, and those that it puts in the place of the system's. */
public final class Programs {
    private static final long LIMIT_SECONDS = 60;

    private Programs() {}

    /** Writes a shell script that can be executed; its directory is created. */
    static void write(Path file, String commands) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** Runs a program to its end, which is awaited for a minute, and returns its exit status. */
    public static int run(ProcessBuilder program) throws IOException, InterruptedException {
        Process process = program.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", program.command().get(0))
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs a program that succeeds, and returns its standard output, which no reader has to keep pace with. */
    public static String output(ProcessBuilder program) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", "");
        try {
            int status = run(program.redirectOutput(output.toFile()));
            String text = Files.readString(output);
            assertThat(status).as(text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
