// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.quiesced.host.SystemManager.State;

/** The connection to systemd, with a socket in place of systemd. The scenarios cover the answers of a real systemd. */
class SystemdPrivateBusTest extends SystemdPeerTest {
    /**
     * Returns the state that the manager determines while systemd answers queries about the unit that a shutdown
     * starts, the only known unit.
     */
    private State stateWhen(byte[] job, String activeState) {
        CompletableFuture<Void> systemd = answering(question -> {
            boolean ofJob = question.endsWith("Job\0");
            boolean isKnown = question.contains("/org/freedesktop/systemd1/unit/shutdown_2etarget\0");
            byte[] message = ofJob ? job : answer(activeState);
            return new Reply(isKnown ? message : new byte[0], !ofJob || job != NO_JOB);
        });
        State state = manager.state();
        systemd.join();
        return state;
    }

    @Test
    void shutdownInProgressIsStopping() {
        assertThat(stateWhen(job(4711, "/org/freedesktop/systemd1/job/4711"), "inactive"))
                .isEqualTo(State.STOPPING);
        assertThat(stateWhen(NO_JOB, "active")).isEqualTo(State.STOPPING);
    }

    @Test
    void inactiveTargetWithoutAJobIsUp() {
        assertThat(stateWhen(NO_JOB, "inactive")).isEqualTo(State.UP);
        assertThat(stateWhen(NO_JOB, "failed")).isEqualTo(State.UP);
    }

    @Test
    void unknownStateOfTheTargetIsUnknown() {
        assertThat(stateWhen(NO_JOB, "maintenance")).isEqualTo(State.UNKNOWN);
    }

    @Test
    void connectionAuthenticatesAsTheUserOfTheProcess() {
        List<String> heard = new ArrayList<>();
        CompletableFuture<Void> systemd = systemd(connection -> {
            heard.add(letIn(connection));
            connection.write(job(1, "/org/freedesktop/systemd1/job/1"));
        });

        manager.state();

        systemd.join();
        assertThat(heard.get(0)).startsWith("\0AUTH EXTERNAL 3").contains("\r\nBEGIN\r\n");
    }

    @Test
    void signalsBeforeTheAnswerAreSkipped() {
        byte[] signal =
                DBusMessageTest.bytes("6c04010100000000020000000a000000" + "01016f0001000000" + "2f00000000000000");
        systemd(connection -> {
            letIn(connection);
            connection.write(signal);
            connection.write(signal);
            connection.write(job(1, "/org/freedesktop/systemd1/job/1"));
        });

        assertThat(manager.state()).isEqualTo(State.STOPPING);
    }

    @Test
    void answerInPiecesIsAssembled() {
        systemd(connection -> {
            letIn(connection);
            for (byte piece : job(1, "/org/freedesktop/systemd1/job/1")) {
                connection.write(new byte[] {piece});
            }
        });

        assertThat(manager.state()).isEqualTo(State.STOPPING);
    }

    @Test
    void rejectedAuthenticationGivesAnUnknownState() {
        systemd(connection -> {
            read(connection);
            connection.write("REJECTED EXTERNAL\r\n".getBytes(StandardCharsets.US_ASCII));
        });

        assertThat(manager.state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void missingSocketGivesAnUnknownState() {
        assertThat(new SystemdPrivateBus(directory.resolve("nowhere")).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void unresponsiveSystemdGivesAnUnknownState() {
        // The kernel accepts the connection, and no peer reads it.
        assertThat(manager.state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void endlessSignalsGiveAnUnknownState() {
        byte[] signal =
                DBusMessageTest.bytes("6c04010100000000020000000a000000" + "01016f0001000000" + "2f00000000000000");
        systemd(connection -> {
            letIn(connection);
            while (true) {
                connection.write(signal);
            }
        });

        assertThat(manager.state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void closedConnectionAndMalformedAnswerGiveAnUnknownState() {
        systemd(SystemdPrivateBusTest::letIn);
        assertThat(manager.state()).isEqualTo(State.UNKNOWN);

        systemd(connection -> {
            letIn(connection);
            connection.write(new byte[64]);
        });
        assertThat(manager.state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void unitIsStartedUnlessItConflicts() throws IOException {
        List<String> heard = new ArrayList<>();
        CompletableFuture<Void> systemd = systemd(connection -> {
            heard.add(letIn(connection));
            connection.write(answer("/org/freedesktop/systemd1/job/1"));
        });

        manager.start("some.service");

        systemd.join();
        assertThat(heard.get(0))
                .contains("StartUnit")
                .contains("some.service\0")
                .contains("fail\0");
    }

    @Test
    void refusedStartOfAUnitIsAnErrorWithItsMessage() {
        byte[] refusal = DBusMessageTest.bytes("6c0301010900000001000000" + "0f000000" + "0501750001000000"
                + "0801670001730000" + "040000006e6f21210000");
        systemd(connection -> {
            letIn(connection);
            connection.write(refusal);
        });

        assertThatThrownBy(() -> manager.start("some.service"))
                .isInstanceOf(IOException.class)
                .hasMessage("no!!");
    }
}
