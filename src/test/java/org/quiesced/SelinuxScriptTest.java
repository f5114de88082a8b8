// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code packaging/bin/selinux}, with stand-ins for the tools of SELinux that record their arguments. */
class SelinuxScriptTest {
    private static final long SECONDS = 20;

    @TempDir
    private Path directory;

    private Path calls;
    private Path module;

    @BeforeEach
    void makeTools() throws IOException {
        calls = Files.createFile(directory.resolve("calls"));
        module = Files.writeString(
                Files.createDirectories(directory.resolve("usr/lib/quiesced/selinux"))
                        .resolve("quiesced.cil"),
                "(type quiesced_t)\n");
        tool("selinuxenabled", "exit 0");
        tool("restorecon", "exit 0");
        tool("semodule", "case $* in *--extract*) exit 1 ;; esac");
    }

    private void tool(String name, String body) throws IOException {
        Programs.write(directory.resolve(name), "echo " + name + " $* >>" + calls + "\n" + body);
    }

    private int call(String verb) throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/selinux", directory).text();
        Path file = Files.writeString(directory.resolve("script"), script);
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString(), verb)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("PATH", directory + ":/usr/bin:/bin");
        Process process = builder.start();
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void moduleIsLoadedBelowThePriorityOfTheAdministrator() throws IOException, InterruptedException {
        assertThat(call("load")).isZero();

        assertThat(calls).content().contains("semodule -X 200 -i " + module);
        assertThat(directory.resolve("output")).isEmptyFile();
    }

    @Test
    void loadedModuleIsNotLoadedAgain() throws IOException, InterruptedException {
        tool("semodule", "case $* in *--extract*) cp " + module + " . ;; esac");

        assertThat(call("load")).isZero();

        assertThat(calls).content().contains("--extract=quiesced").doesNotContain(" -i ");
    }

    @Test
    void disabledSelinuxIsLeftAlone() throws IOException, InterruptedException {
        tool("selinuxenabled", "exit 1");

        assertThat(call("load")).isZero();
        assertThat(call("unload")).isZero();

        assertThat(calls).content().doesNotContain("semodule").doesNotContain("restorecon");
    }

    @Test
    void failedLoadOfTheModuleIsReportedWithItsReason() throws IOException, InterruptedException {
        tool("semodule", "echo a reason >&2; exit 1");

        assertThat(call("load")).isOne();

        assertThat(directory.resolve("output")).content().contains("a reason").contains("cannot be loaded");
    }

    @Test
    void moduleIsRemovedFromThePriorityOfItsLoad() throws IOException, InterruptedException {
        assertThat(call("unload")).isZero();

        assertThat(calls).content().contains("semodule -X 200 -r quiesced");
    }
}
