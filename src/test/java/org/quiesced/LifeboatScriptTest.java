// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of the daemon's files and of the configuration, from which the daemon starts. */
class LifeboatScriptTest {
    @TempDir
    private Path directory;

    private Path home;
    private Path conf;
    private Path copy;
    private Path run;

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("usr/lib/quiesced");
        conf = directory.resolve("etc/quiesced/conf.d");
        run = directory.resolve("run/quiesced");
        copy = run.resolve("root/etc/quiesced");
        Files.createDirectories(conf);
        Files.createDirectories(run.resolve("root"));
        for (String part : new String[] {"bin", "lib", "native", "runtime/bin"}) {
            Files.createDirectories(home.resolve(part));
        }
        Files.writeString(home.resolve("lib/quiesced.jar"), "classes");
        Files.writeString(home.resolve("quiesced.options"), "-Xmx64m\n");
        // Refuses a configuration that contains the word "invalid", and records each call.
        Programs.write(
                home.resolve("bin/quiescectl"),
                "[ -z \"${_JAVA_OPTIONS-}${JAVA_TOOL_OPTIONS-}${JDK_JAVA_OPTIONS-}${CLASSPATH-}\" ] || exit 1\n"
                        + "echo \"$1\" >>" + directory + "/calls\n"
                        + "[ \"$1\" != verify ] || ! grep -rq invalid \"$3/etc/quiesced\"");
        Files.writeString(directory.resolve("etc/quiesced/quiesced.toml"), "first");
        Files.writeString(directory.resolve("calls"), "");
    }

    private int lifeboat(String verb, String... environment) throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/lifeboat", directory).text();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script, "lifeboat", verb)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve("errors").toFile());
        for (int i = 0; i < environment.length; i += 2) {
            builder.environment().put(environment[i], environment[i + 1]);
        }
        return Programs.run(builder);
    }

    private String calls() throws IOException {
        return Files.readString(directory.resolve("calls")).replace('\n', ' ').strip();
    }

    private String configuration() throws IOException {
        return Files.readString(copy.resolve("quiesced.toml"));
    }

    private void configure(String text) throws IOException {
        Files.writeString(directory.resolve("etc/quiesced/quiesced.toml"), text);
    }

    @Test
    void reloadCopiesAValidConfigurationAndAsksTheDaemon() throws IOException, InterruptedException {
        assertThat(lifeboat("fill")).isZero();
        configure("second");

        assertThat(lifeboat("reload")).isZero();
        assertThat(configuration()).isEqualTo("second");
        assertThat(calls()).isEqualTo("verify reload");
    }

    @Test
    void reloadOfAnInvalidConfigurationChangesNothing() throws IOException, InterruptedException {
        lifeboat("fill");
        configure("invalid");

        assertThat(lifeboat("reload")).isEqualTo(1);
        assertThat(configuration()).isEqualTo("first");
        assertThat(calls()).isEqualTo("verify");
        assertThat(run.resolve("root")).isDirectoryNotContaining("glob:**/config.*");
    }

    @Test
    void restartAfterAFailureKeepsTheConfigurationInForce() throws IOException, InterruptedException {
        lifeboat("fill");
        configure("invalid");
        lifeboat("reload");

        assertThat(lifeboat("fill")).isZero();
        assertThat(configuration()).isEqualTo("first");
        assertThat(Files.readString(directory.resolve("errors"))).contains("starts with the one that was in force");
    }

    @Test
    void firstStartCopiesAnInvalidConfiguration() throws IOException, InterruptedException {
        configure("invalid");

        assertThat(lifeboat("fill")).isZero();
        assertThat(configuration()).isEqualTo("invalid");
        assertThat(calls()).isEmpty();
    }

    @Test
    void failedCopyOfTheConfigurationFailsTheStart() throws IOException, InterruptedException {
        Programs.write(directory.resolve("bin/cp"), "case $* in *.toml*) exit 1 ;; esac\nexec /bin/cp \"$@\"");
        String path = directory.resolve("bin") + ":" + System.getenv("PATH");

        assertThat(lifeboat("fill", "PATH", path)).isEqualTo(1);
        assertThat(copy).doesNotExist();
        assertThat(Files.readString(directory.resolve("errors"))).contains("cannot be copied");

        assertThat(lifeboat("fill")).isZero();
        configure("second");
        assertThat(lifeboat("fill", "PATH", path)).as("with a former copy").isZero();
        assertThat(configuration()).isEqualTo("first");
    }

    @Test
    void reloadReplacesTheConfigurationAtomically() throws IOException, InterruptedException {
        lifeboat("fill");
        Path before = Files.readSymbolicLink(copy);
        configure("second");
        lifeboat("reload");

        // rename(2) replaces the link, whose new target is already complete.
        assertThat(Files.readSymbolicLink(copy)).isNotEqualTo(before);
        assertThat(copy.resolveSibling(before)).doesNotExist();
        assertThat(Files.readString(Path.of("packaging/bin/lifeboat")))
                .contains("mv -T \"$1/link\" $root/etc/quiesced");
    }

    @Test
    void backupFilesAndBrokenLinksAreIgnored() throws IOException, InterruptedException {
        Files.writeString(conf.resolve("10-mine.toml"), "mine");
        for (String name : new String[] {
            "10-mine.toml~",
            ".10-mine.toml.swp",
            "#10-mine.toml#",
            "10-mine.toml.dpkg-old",
            "10-mine.toml.rpmsave",
            ".hidden.toml"
        }) {
            Files.writeString(conf.resolve(name), "invalid");
        }
        Files.createSymbolicLink(conf.resolve("20-gone.toml"), Path.of("/nonexistent"));
        Files.createSymbolicLink(conf.resolve(".#10-mine.toml"), Path.of("somebody@somewhere.1234"));

        assertThat(lifeboat("fill")).isZero();
        assertThat(lifeboat("reload")).isZero();
        assertThat(copy.resolve("conf.d").toFile().list()).containsExactly("10-mine.toml");
    }

    @Test
    void defaultsHoldWithoutAConfiguration() throws IOException, InterruptedException {
        Files.delete(directory.resolve("etc/quiesced/quiesced.toml"));
        Files.delete(conf);

        assertThat(lifeboat("fill")).isZero();
        assertThat(lifeboat("reload")).isZero();
        assertThat(copy.resolve("quiesced.toml")).doesNotExist();
    }

    @Test
    void daemonIsCopiedOnceAndAgainAfterAChange() throws IOException, InterruptedException {
        Path installed = home.resolve("lib/quiesced.jar");
        Path copied = run.resolve("root" + installed);
        lifeboat("fill");
        assertThat(copied).hasContent("classes");
        Files.writeString(copied, "the copy is not made anew");

        lifeboat("clear");
        lifeboat("fill");
        assertThat(copied).hasContent("the copy is not made anew");

        Files.writeString(installed, "classes of another version");
        Files.setLastModifiedTime(installed, FileTime.fromMillis(1));
        lifeboat("fill");
        assertThat(copied).hasContent("classes of another version");
        assertThat(configuration()).isEqualTo("first");
    }

    /**
     * Lets process 7 map the archive, with {@code copied} of its 12 kB in private pages; returns a second link to it.
     */
    private Path mapped(int copied) throws IOException, InterruptedException {
        Files.write(home.resolve("classes.jsa"), "archive ".repeat(2048).getBytes());
        lifeboat("fill");
        Path archive = run.resolve("root" + home.resolve("classes.jsa"));
        Files.createDirectories(directory.resolve("proc/7"));
        Files.writeString(directory.resolve("proc/7/smaps"), """
                800000000-800001000 rw-p 00001000 fe:00 INODE                    /usr/lib/quiesced/classes.jsa
                Size:                  4 kB
                Anonymous:             4 kB
                800001000-800003000 r--p 00002000 fe:00 INODE                    /usr/lib/quiesced/classes.jsa
                Size:                  8 kB
                Anonymous:             COPIED kB
                7f0000000000-7f0000004000 r-xp 00000000 fe:00 1234               /usr/lib/quiesced/libjvm.so
                Size:                 16 kB
                Anonymous:             0 kB
                """.replace(
                        "INODE", Files.getAttribute(archive, "unix:ino").toString())
                .replace("COPIED", String.valueOf(copied - 4)));
        return Files.createLink(directory.resolve("mapped"), archive);
    }

    @Test
    void unmappedArchiveIsFreedUntilTheNextStart() throws IOException, InterruptedException {
        Path mapped = mapped(12);
        Path archive = run.resolve("root" + home.resolve("classes.jsa"));

        assertThat(lifeboat("trim", "MAINPID", "7")).isZero();
        assertThat(archive).doesNotExist();
        assertThat(Files.readAllBytes(mapped)).hasSize(8 * 2048).containsOnly(0);

        lifeboat("fill");
        assertThat(archive).hasSameBinaryContentAs(home.resolve("classes.jsa"));
    }

    @Test
    void archiveStaysWhileAPageOfItIsMapped() throws IOException, InterruptedException {
        Path mapped = mapped(8);

        assertThat(lifeboat("trim", "MAINPID", "7")).isZero();
        assertThat(mapped).hasSameBinaryContentAs(home.resolve("classes.jsa"));
        assertThat(run.resolve("root" + home.resolve("classes.jsa"))).exists();
    }

    @Test
    void archiveStaysWhenTheDaemonDoesNotMapIt() throws IOException, InterruptedException {
        mapped(12);
        Files.writeString(directory.resolve("proc/7/smaps"), "");

        assertThat(lifeboat("trim", "MAINPID", "7")).isZero();
        assertThat(run.resolve("root" + home.resolve("classes.jsa"))).exists();
        assertThat(lifeboat("trim", "MAINPID", "8"))
                .as("a daemon that has ended")
                .isZero();
        assertThat(run.resolve("root" + home.resolve("classes.jsa"))).exists();
    }

    @Test
    void refusedConfigurationIsMarkedForTheHookUntilTheNextStart() throws IOException, InterruptedException {
        assertThat(lifeboat("ended", "EXIT_STATUS", "78")).isZero();
        assertThat(run.resolve("refused")).exists();
        assertThat(lifeboat("clear")).isZero();
        assertThat(run.resolve("refused")).exists();

        lifeboat("fill");
        assertThat(run.resolve("refused")).doesNotExist();
        assertThat(lifeboat("ended", "EXIT_STATUS", "TERM")).isZero();
        assertThat(run.resolve("refused")).doesNotExist();
    }

    @Test
    void javaOptionsOfTheEnvironmentAreIgnored() throws IOException, InterruptedException {
        lifeboat("fill");
        configure("second");

        assertThat(lifeboat("reload", "_JAVA_OPTIONS", "-Xmx1g", "CLASSPATH", "/tmp", "JAVA_TOOL_OPTIONS", "-Xint"))
                .isZero();
    }
}
