// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                                + "/asked; set -f; set -- $line; [ ! -e " + directory + "/answers ] || {"
                                + " [ $1 != stopping ] || [ ! -e " + directory + "/verb ] || cp " + directory + "/verb "
                                + run + "/verb; rm -f " + run + "/waiting.$3; }; done")
                .start();
        assertThat(daemon.inputReader().readLine()).isEqualTo("ready");
        protocol(4);
        Files.createFile(directory.resolve("answers"));
        jobs("");
    }

    @AfterEach
    void endIt() {
        daemon.destroyForcibly();
    }

    /** Sets the version of the protocol that the daemon supports. */
    void protocol(int version) throws IOException {
        Files.writeString(directory.resolve("run/quiesced/pid"), daemon.pid() + " " + version + "\n");
    }

    /** Sets the verb that the daemon determines at the request "stopping". */
    void shutdown(String verb) throws IOException {
        Files.writeString(directory.resolve("verb"), verb + "\n");
    }

    void jobs(String lines) throws IOException {
        Programs.write(
                directory.resolve("bin/systemctl"), "[ \"$1\" = list-jobs ] || exit 1\ncat <<'END'\n" + lines + "END");
    }

    /** Runs the script; returns its standard output. */
    String run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(arguments);
        builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
        return Programs.output(builder);
    }

    private ProcessBuilder builder(String... arguments) throws IOException {
        String script = Script.of("packaging/bin/early", directory).text();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script, "early");
        builder.command().addAll(List.of(arguments));
        return builder;
    }

    /** Runs the script where no program can be executed; returns its standard output and errors. */
    String runWithoutPrograms(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(arguments).redirectErrorStream(true);
        builder.environment().put("PATH", directory.resolve("nothing").toString());
        return Programs.output(builder);
    }

    String asked() throws IOException, InterruptedException {
        Path path = directory.resolve("asked");
        await(path);
        return Files.exists(path) ? Files.readString(path) : "nothing";
    }

    /** Waits until a file has content, for three seconds at most. */
    static void await(Path path) throws IOException, InterruptedException {
        for (int i = 0; i < AGES && !(Files.exists(path) && Files.size(path) > 0); i++) {
            Thread.sleep(50);
        }
    }
}
