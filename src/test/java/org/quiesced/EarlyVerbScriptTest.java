// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The daemon determines the verb of a shutdown, so that the units' script starts no process for that. Where the daemon
 * does not, the script asks systemd.
 */
class EarlyVerbScriptTest extends EarlyTest {
    @Test
    void unmountingIsReportedWithoutAnyProcess() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("run/quiesced/verb"), "reboot\n");

        assertThat(runWithoutPrograms()).isEmpty();
        assertThat(asked()).isEqualTo("early ?\n");
        assertThat(directory.resolve("run/quiesced/fwupd")).hasContent("no");
    }

    @Test
    void beginningOfAShutdownIsReportedWithoutSystemctl() throws IOException, InterruptedException {
        shutdown("kexec");
        Programs.write(directory.resolve("bin/systemctl"), "echo systemctl was executed");

        assertThat(run("stopping")).isEmpty();
        assertThat(directory.resolve("run/quiesced/verb")).hasContent("kexec");
    }

    /** Scripts that export pools or create an exitrd rely on it. */
    @Test
    void verbForOtherScriptsIsThatOfSystemd() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("run/quiesced/verb"), "reboot\n");
        assertThat(run("verb")).isEqualTo("\n");

        jobs("12 halt.target start waiting\n");
        assertThat(run("verb")).isEqualTo("halt\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"poweroff", "reboot", "halt", "kexec"})
    void daemonOfAnOlderVersionIsToldTheVerb(String verb) throws IOException, InterruptedException {
        protocol(3);
        jobs("  7 umount.target start waiting\n 12 " + verb + ".target start waiting\n");

        assertThat(run()).isEmpty();
        assertThat(asked()).isEqualTo("early " + verb + "\n");
        assertThat(run("verb")).isEqualTo(verb + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "soft-reboot.target start",
        "rescue.target start",
        "hibernate.target start",
        "suspend.target start",
        "reboot.target stop",
        "quiesced-early.service restart"
    })
    void scriptDoesNothingWhenTheMachineDoesNotGoDown(String job) throws IOException, InterruptedException {
        jobs("12 " + job + " waiting\n");
        for (int version : new int[] {3, 4}) {
            protocol(version);
            assertThat(run()).contains("the system is not shutting down; nothing is done");
        }
        protocol(3);
        assertThat(run("stopping")).contains("the system is not shutting down; nothing is done");
        assertThat(directory.resolve("asked")).doesNotExist();
    }

    @Test
    void verbOfACancelledShutdownIsNotThatOfTheNext() throws IOException, InterruptedException {
        Path verb = Files.writeString(directory.resolve("run/quiesced/verb"), "reboot\n");

        assertThat(run("stopping")).contains("the system is not shutting down; nothing is done");

        assertThat(verb).doesNotExist();
        assertThat(directory.resolve("run/quiesced/fwupd")).doesNotExist();
    }

    @Test
    void verbIsForgottenWhenTheUnitIsStarted() throws IOException, InterruptedException {
        Path verb = Files.writeString(directory.resolve("run/quiesced/verb"), "reboot\n");

        run("limit");

        assertThat(verb).doesNotExist();
    }

    @Test
    void systemdIsAskedIfTheDaemonHasNotWrittenTheVerb() throws IOException, InterruptedException {
        jobs("12 reboot.target start waiting\n");

        assertThat(run()).isEmpty();
        assertThat(asked()).isEqualTo("early reboot\n");
    }

    @Test
    void daemonThatCannotDetermineTheVerbIsToldIt() throws IOException, InterruptedException {
        jobs("12 reboot.target start waiting\n");

        assertThat(run("stopping")).isEmpty();
        assertThat(asked()).matches("stopping \\? (\\d+)\\nstopping reboot \\1\\n");
        assertThat(directory.resolve("run/quiesced/fwupd")).hasContent("no");
    }

    @Test
    void daemonThatDoesNotAnswerIsToldTheVerbAndNotAwaitedAgain() throws IOException, InterruptedException {
        Files.delete(directory.resolve("answers"));
        jobs("12 reboot.target start waiting\n");

        assertThat(run("stopping").lines()).hasSize(1);
        assertThat(asked()).matches("stopping \\? (\\d+)\\nstopping reboot \\1\\n");
    }
}
