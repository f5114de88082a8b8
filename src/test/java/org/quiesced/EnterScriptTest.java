// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon starts without the registry of connections, and each controller then counts as owned. */
class EnterScriptTest {
    @TempDir
    private Path directory;

    private Path root;
    private Path registry;

    @BeforeEach
    void install() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        registry = directory.resolve("run/nvme");
        for (String command : List.of("mount", "pivot_root", "java")) {
            executable(command, "#!/bin/sh\necho \"${0##*/} $*\" >>" + directory + "/calls\n");
        }
    }

    private void executable(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs the part inside the mount namespace, and returns the commands that it executes. */
    private List<String> enter() throws IOException, InterruptedException {
        String script = Files.readString(Path.of("packaging/bin/enter"))
                .replace("root=/run/quiesced/root", "root=" + root)
                .replace("/run/nvme $root", registry + " $root")
                .replace("755 /run/nvme", "755 " + registry)
                .replace("/proc/self/autogroup", directory + "/autogroup")
                .replace("/usr/lib/quiesced/runtime/bin/java", directory + "/java");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "umask 077\n" + script, "enter", "inside")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().merge("PATH", directory.toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(directory.resolve("calls"));
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    @Test
    void registryIsReadableByEveryoneDespiteTheUmask() throws IOException, InterruptedException {
        Files.createDirectories(registry.getParent());

        assertThat(enter()).contains("mount --bind " + registry + " " + root + "/run/nvme");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(registry)))
                .isEqualTo("rwxr-xr-x");
        assertThat(errors()).isEmpty();
    }

    @Test
    void daemonRaisesThePriorityOfItsSession() throws IOException, InterruptedException {
        Files.createDirectories(registry.getParent());
        enter();

        assertThat(directory.resolve("autogroup")).hasContent("-15");
    }

    @Test
    void daemonStartsWithoutAutogroups() throws IOException, InterruptedException {
        Files.createDirectories(registry.getParent());
        Files.createDirectories(directory.resolve("autogroup"));

        assertThat(enter()).last().asString().startsWith("java ");
        assertThat(errors()).isEmpty();
    }

    @Test
    void controllersCountAsForeignWithoutARegistry() throws IOException, InterruptedException {
        Files.writeString(registry.getParent(), "no directory can be made in a file");

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
        Files.createDirectories(registry.getParent());
        executable("mount", "#!/bin/sh\ncase $* in *nvme*) exit 32 ;; esac\n");

        assertThat(enter()).last().asString().startsWith("java ");
        assertThat(root.resolve("run/nvme/registry")).isRegularFile();
        assertThat(errors()).contains("cannot be seen");
    }
}
