// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Java processes that execute classes of this process's class path. */
public final class JavaProcess {
    private JavaProcess() {}

    /** Returns the command that executes the main method of a class. */
    public static List<String> command(Class<?> main, String... arguments) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path")
                                        + File.pathSeparator
                                        + System.getProperty("surefire.test.class.path", ""),
                                main.getName()),
                        Stream.of(arguments))
                .toList();
    }

    /**
     * Returns a command whose process does not ignore signals that the present process ignores, as it does if the tests
     * are started by nohup(1) or in the background of a script.
     */
    public static List<String> withDefaultSignals(List<String> command) {
        return Stream.concat(Stream.of("env", "--default-signal=HUP,INT,TERM"), command.stream())
                .toList();
    }

    /** Sends a signal, named without SIG, to a running process. */
    public static void send(Process process, String signal) throws IOException, InterruptedException {
        assertThat(Programs.run(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))))
                .as("the process is there")
                .isZero();
    }
}
