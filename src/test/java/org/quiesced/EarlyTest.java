// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the units' script, beside a shell script that stands for the daemon. */
abstract class EarlyTest {
    static final long AGES = 60;

    @TempDir
    Path directory;

    Process daemon;

    @BeforeEach
    void aDaemon() throws IOException, InterruptedException {
        Path run = Files.createDirectories(directory.resolve("run/quiesced"));
        String request = run.resolve("request").toString();
        assertThat(Programs.run(new ProcessBuilder("mkfifo", request))).isZero();
        daemon = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec 3<>" + request + "; echo ready; while read -r line <&3; do echo \"$line\" >>" + directory
                                + "/asked; set -- $line; [ ! -e " + directory + "/answers ] || rm -f " + run
                                + "/waiting.$3; done")
                .start();
        assertThat(daemon.inputReader().readLine()).isEqualTo("ready");
        Files.writeString(run.resolve("pid"), daemon.pid() + "\n");
        Files.createFile(directory.resolve("answers"));
        jobs("");
    }

    @AfterEach
    void endIt() {
        daemon.destroyForcibly();
    }

    void jobs(String lines) throws IOException {
        Programs.write(
                directory.resolve("bin/systemctl"), "[ \"$1\" = list-jobs ] || exit 1\ncat <<'END'\n" + lines + "END");
    }

    /** Runs the script; returns its standard output. */
    String run(String... arguments) throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/early", directory).text();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script, "early");
        builder.command().addAll(java.util.List.of(arguments));
        builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
        return Programs.output(builder);
    }

    String asked() throws IOException, InterruptedException {
        Path path = directory.resolve("asked");
        for (int i = 0; i < AGES && !(Files.exists(path) && Files.size(path) > 0); i++) {
            Thread.sleep(50);
        }
        return Files.exists(path) ? Files.readString(path) : "nothing";
    }
}
