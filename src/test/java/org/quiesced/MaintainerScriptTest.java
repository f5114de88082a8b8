// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that dpkg(1) executes. Stand-ins for the tools of Debian and systemd record how they are called. */
class MaintainerScriptTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void makeTools() throws IOException {
        for (String tool : List.of(
                "bin/deb-systemd-helper",
                "bin/deb-systemd-invoke",
                "bin/systemctl",
                "bin/systemd-tmpfiles",
                "bin/umount",
                "usr/lib/quiesced/bin/selinux")) {
            Programs.write(directory.resolve(tool), "echo \"${0##*/} $*\" >>" + directory + "/calls");
        }
        Files.createFile(directory.resolve("calls"));
        Files.createDirectories(directory.resolve("run/systemd/system"));
    }

    private List<String> run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c"));
        command.add(Script.of("packaging/debian/" + script, directory).text());
        command.add(script);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
        assertThat(Programs.output(builder)).isEmpty();
        return Files.readAllLines(directory.resolve("calls"));
    }

    private Path file(String path) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void installationStartsServiceAndUpgradeRestartsIt() throws IOException, InterruptedException {
        assertThat(run("postinst", "configure"))
                .containsSubsequence(
                        "selinux load",
                        "deb-systemd-invoke start quiesced-early.service",
                        "deb-systemd-invoke start quiesced.service");
        assertThat(run("postinst", "configure", "0.1")).last().isEqualTo("deb-systemd-invoke restart quiesced.service");
    }

    @Test
    void hookIsLinkedWhereLibIsNotUsrLibAndRemovalTakesLinkAway() throws IOException, InterruptedException {
        Path link = directory.resolve("lib/systemd/system-shutdown/quiesced");

        run("postinst", "configure");
        assertThat(Files.readSymbolicLink(link)).hasToString("/usr/lib/systemd/system-shutdown/quiesced");
        run("postrm", "remove");
        assertThat(Files.isSymbolicLink(link)).isFalse();
    }

    @Test
    void hookIsNotLinkedWhereLibIsUsrLib() throws IOException, InterruptedException {
        Files.createSymbolicLink(directory.resolve("lib"), Path.of("usr/lib"));

        run("postinst", "configure");
        assertThat(directory.resolve("usr/lib/systemd/system-shutdown")).doesNotExist();
    }

    @Test
    void upgradeStopsNothing() throws IOException, InterruptedException {
        assertThat(run("prerm", "upgrade", "0.2")).isEmpty();
    }

    @Test
    void withoutSystemdNoUnitIsStartedOrStopped() throws IOException, InterruptedException {
        Files.delete(directory.resolve("run/systemd/system"));

        run("postinst", "configure");
        run("prerm", "remove");
        assertThat(run("postrm", "remove")).noneMatch(call -> call.matches("(systemctl|deb-systemd-invoke) .*"));
    }

    @Test
    void removalKeepsConfigurationAndRecordsAndPurgeDeletesThem() throws IOException, InterruptedException {
        Path config = file("etc/quiesced/quiesced.toml");
        Path record = file("var/lib/quiesced/pending.json");
        file("run/quiesced/pid");

        assertThat(run("postrm", "remove")).contains("umount -l " + directory + "/run/quiesced/root");
        assertThat(directory.resolve("run/quiesced")).doesNotExist();
        assertThat(config).exists();
        assertThat(record).exists();

        run("postrm", "purge");
        assertThat(config.getParent()).doesNotExist();
        assertThat(record.getParent()).doesNotExist();
    }
}
