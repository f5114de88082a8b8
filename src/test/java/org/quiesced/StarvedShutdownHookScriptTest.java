// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hook ends in time, and hears the daemon, where no process can be started. */
class StarvedShutdownHookScriptTest extends ShutdownHookTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "dash,exit 126",
        "dash,exec tail -f /dev/null",
        "dash,[ $1 = 0 ]",
        "bash --posix,exit 126",
        "bash --posix,exec tail -f /dev/null",
        "bash --posix,[ $1 = 0 ]"
    })
    void silentDaemonIsDetectedWithoutSleep(String name, String sleep) throws IOException, InterruptedException {
        shell(name);
        daemon("begin; say $3 progress 0 of 2 down; kill -STOP $$");
        command("sleep", sleep);
        silence = 1;

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
        assertThat(kmsg()).contains("the daemon does not answer");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "dash,exit 126",
        "dash,exec tail -f /dev/null",
        "bash --posix,exit 126",
        "bash --posix,exec tail -f /dev/null"
    })
    void hookReturnsAtItsLimitWithoutSleep(String name, String sleep) throws IOException, InterruptedException {
        shell(name);
        command("sleep", sleep);

        assertThat(endsWell("reboot", "exec /bin/sleep " + AGES, "2")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 2 s");
    }

    /**
     * Lets each fork(2) of the hook fail, by a limit that does not apply to root. The daemon has the same user as the
     * hook, which sends it a signal.
     */
    private void withoutForks() throws IOException {
        if (Files.getOwner(directory).getName().equals("root")) {
            user = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
            Path run = Files.createDirectories(directory.resolve("run/quiesced"));
            Files.writeString(directory.resolve("dev/kmsg"), "");
            for (Path path : List.of(directory, run, directory.resolve("dev/kmsg"))) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
        }
        shell = new ArrayList<>(user);
        shell.addAll(List.of("prlimit", "--nproc=1", "sh"));
    }

    @Test
    void hookWithoutForksWaitsForTheEndOfTheDaemon() throws IOException, InterruptedException {
        withoutForks();
        daemon("begin; sleep 5; say $3 progress 0 of 2 down; sleep 2; touch " + directory + "/over; say $3 end; sleep "
                + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("over")).exists();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void hookWithoutForksWaitsForALivingDaemonUntilItsLimit() throws IOException, InterruptedException {
        withoutForks();
        daemon("begin; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "5")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 5 s");
    }

    @Test
    void hookWithoutForksDoesNotWaitForADeadDaemon() throws IOException, InterruptedException {
        withoutForks();
        daemon("begin");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void hookWithoutForksAndDaemonSucceeds() throws IOException, InterruptedException {
        withoutForks();

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isFalse();
    }
}
