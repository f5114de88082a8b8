// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without access to the registry of connections, the start of the daemon continues, and reports that. */
class EnterScriptTest {
    private static final String JAVA = "usr/lib/quiesced/runtime/bin/java";

    @TempDir
    private Path directory;

    private Path root;
    private Path registry;

    @BeforeEach
    void install() throws IOException {
        root = Files.createDirectories(directory.resolve("run/quiesced/root"));
        Files.createDirectories(directory.resolve("proc/self"));
        registry = directory.resolve("run/nvme");
        for (String command : List.of("mount", "pivot_root", JAVA)) {
            executable(command, "#!/bin/sh\necho \"${0##*/} $*\" >>" + directory + "/calls\n");
        }
    }

    private void executable(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs the part of the script inside the mount namespace; returns the commands that it executes. */
    private List<String> enter() throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/enter", directory).text();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "umask 077\n" + script, "enter", "inside")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().merge("PATH", directory.toString(), (path, first) -> first + ":" + path);
        assertThat(Programs.run(builder)).isZero();
        return Files.readAllLines(directory.resolve("calls"));
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    @Test
    void registryIsReadableByEveryoneDespiteTheUmask() throws IOException, InterruptedException {
        assertThat(enter()).contains("mount --bind " + registry + " " + root + "/run/nvme");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(registry)))
                .isEqualTo("rwxr-xr-x");
        assertThat(errors()).isEmpty();
    }

    @Test
    void daemonRaisesThePriorityOfItsSession() throws IOException, InterruptedException {
        enter();

        assertThat(directory.resolve("proc/self/autogroup")).hasContent("-15");
    }

    @Test
    void daemonStartsWithoutAutogroups() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("proc/self/autogroup"));

        assertThat(enter()).last().asString().startsWith("java ");
        assertThat(errors()).isEmpty();
    }

    @Test
    void controllersCountAsForeignWithoutARegistry() throws IOException, InterruptedException {
        Files.writeString(registry, "no directory can be made in a file");

        assertThat(enter())
                .noneMatch(call -> call.contains("run/nvme"))
                .last()
                .asString()
                .as("the daemon starts all the same")
                .startsWith("java ");
        assertThat(root.resolve("run/nvme/registry")).isRegularFile();
        assertThat(errors()).contains("cannot be seen");
    }

    @Test
    void daemonStartsWhenTheRegistryCannotBeMounted() throws IOException, InterruptedException {
        executable("mount", "#!/bin/sh\ncase $* in *nvme*) exit 32 ;; esac\n");

        assertThat(enter()).last().asString().startsWith("java ");
        assertThat(root.resolve("run/nvme/registry")).isRegularFile();
        assertThat(errors()).contains("cannot be seen");
    }
}
