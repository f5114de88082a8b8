// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.quiesced.shutdown.Verb;

/** Scripts need not know the verb of a shutdown: the daemon asks the system manager, and tells them. */
class VerbOfShutdownTest extends StartedDaemonTest {
    private Path file() {
        return directory.resolve("verb");
    }

    @Test
    void verbIsPublishedBeforeTheScriptGoesOn() throws Exception {
        systemd.shutsDown(Verb.KEXEC);
        start();
        pipe.requests.add("stopping ? 4711");

        pipe.awaitBegun("4711");
        assertThat(file()).hasContent("kexec");
    }

    @Test
    void earlyPhaseBeginsWithTheVerbOfTheManager() throws Exception {
        text += "early = \"free\"\n";
        systemd.shutsDown(Verb.REBOOT);
        start();
        pipe.requests.add("early ?");

        until(shutdowns::isActive);
    }

    @Test
    void nothingIsDoneIfTheManagerKnowsOfNoShutdown() throws Exception {
        text += "early = \"free\"\n";
        start();
        pipe.requests.add("early ?");
        pipe.requests.add("network ? 4711");
        pipe.requests.add("stopping ? 4712");

        pipe.awaitBegun("4711");
        pipe.awaitBegun("4712");
        assertThat(shutdowns.isActive()).isFalse();
        assertThat(slowOperations()).isEmpty();
        assertThat(file()).doesNotExist();
    }

    @Test
    void verbThatTheScriptTellsHoldsWhileTheManagerIsSilent() throws Exception {
        text += "early = \"free\"\n";
        systemd.fallsSilent();
        start();
        pipe.requests.add("stopping ? 4711");
        pipe.awaitBegun("4711");
        assertThat(file()).doesNotExist();

        pipe.requests.add("stopping halt 4711");
        pipe.awaitBegun("4711");
        assertThat(file()).hasContent("halt");

        pipe.requests.add("early ?");
        until(shutdowns::isActive);
    }

    @Test
    void verbThatWasDeterminedAfterAllIsNotReplacedByThatOfTheScript() throws Exception {
        systemd.shutsDown(Verb.KEXEC);
        start();
        pipe.requests.add("stopping ? 4711");
        pipe.requests.add("stopping reboot 4711");
        for (int i = 0; i < 2; i++) {
            pipe.awaitBegun("4711");
        }
        assertThat(file()).hasContent("kexec");
    }

    @Test
    void onlyUnitsMayLeaveTheVerbToTheDaemon() throws Exception {
        systemd.shutsDown(Verb.REBOOT);
        start();
        pipe.requests.add("late ? 4711");
        pipe.requests.add("early ? 4711 exitrd");
        pipe.requests.add("late reboot 4712");

        assertThat(pipe.untilEnd()).allMatch(line -> line.startsWith("4712 "));
    }

    @Test
    void publishedVerbIsWithdrawn() throws Exception {
        VerbOfShutdown verbs = new VerbOfShutdown(systemd, directory);
        verbs.publish(Verb.HALT);
        assertThat(file()).hasContent("halt");

        verbs.withdraw();

        assertThat(file()).doesNotExist();
        assertThat(verbs.begun()).isEmpty();
    }

    @Test
    void fileOfAnEarlierDaemonIsRemoved() throws Exception {
        Files.writeString(file(), "reboot\n");

        start();

        assertThat(file()).doesNotExist();
    }

    @Test
    void directoryThatCannotBeWrittenDelaysNothing() {
        VerbOfShutdown verbs = new VerbOfShutdown(systemd, directory.resolve("missing"));
        verbs.publish(Verb.HALT);
        verbs.withdraw();

        assertThat(directory.resolve("missing")).doesNotExist();
    }
}
