// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requirements of the packages. */
class PackagingTest {
    @TempDir
    private Path directory;

    /** Diagnostic options come and go with versions of Java, and the service is to start with each of them. */
    @Test
    void runtimeIgnoresUnknownOptions() throws IOException {
        List<String> options = Files.readAllLines(Path.of("packaging/quiesced.options"));

        assertThat(options).containsSubsequence("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockDiagnosticVMOptions");
    }

    /** Returns what the scripts of both packages take for the version of the C library. */
    private String libc() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", ". packaging/release; libc_of \"$0\"", directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isZero();
        return said.strip();
    }

    @Test
    void requiredVersionOfTheCLibraryIsThatOfTheNewestSymbol() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("liba.so"), "\0GLIBC_2.4\0GLIBC_2.34\0");
        Files.writeString(Files.createDirectories(directory.resolve("bin")).resolve("java"), "\0GLIBC_2.9\0");
        Files.writeString(directory.resolve("text"), "GLIBC_2.99");

        assertThat(libc()).isEqualTo("2.34");
    }

    @Test
    void bothPackagesRequireTheVersionOfTheCLibrary() throws IOException {
        assertThat(Files.readString(Path.of("packaging/debian/control"))).contains("libc6 (>= @LIBC@)");
        assertThat(Files.readString(Path.of("packaging/redhat/quiesced.spec"))).contains("glibc >= @LIBC@\n");
        for (String script : new String[] {"packaging/deb", "packaging/rpm"}) {
            assertThat(Files.readString(Path.of(script))).as(script).contains("s|@LIBC@|$(libc_of \"$stage\")|");
        }
    }

    /** Debian has moved pivot_root(8), which the start of the service calls, to another package. */
    @Test
    void debianPackageDependsOnThePackageWithPivotRoot() throws IOException {
        assertThat(Files.readString(Path.of("packaging/bin/enter"))).contains("pivot_root . .");
        assertThat(Files.readString(Path.of("packaging/debian/control")))
                .contains("util-linux (<< 2.42-1~) | util-linux-extra,");
    }
}
