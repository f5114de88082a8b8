// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs programs for tests, and writes scripts that replace programs of the system. */
public final class Programs {
    private static final long LIMIT_SECONDS = 60;

    private Programs() {}

    /** Writes an executable shell script, and creates its directory. */
    static void write(Path file, String commands) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** Runs a program, and returns its exit status; fails if the program does not end within a minute. */
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

    /** Runs a program that must succeed, and returns its standard output. No output blocks the program. */
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
