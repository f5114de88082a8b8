// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quiesced.host.SystemManager;
import org.quiesced.shutdown.Verb;

/** The verb of a shutdown is that of the target that systemd is to start. */
class PrivateBusVerbTest extends SystemdPeerTest {
    /**
     * Returns the verb that the manager determines while systemd has one job.
     *
     * @param target the name of the unit of the job
     * @param type the type of the job
     */
    private Optional<Verb> verbWhen(String target, String type) throws IOException {
        String unit = "/org/freedesktop/systemd1/unit/" + target + "_2etarget\0";
        CompletableFuture<Void> systemd = answering(question -> {
            boolean ofType = question.endsWith("JobType\0");
            byte[] job = question.contains(unit) ? job(47, "/org/freedesktop/systemd1/job/47") : NO_JOB;
            boolean isLast =
                    ofType && type.equals("start") || job == NO_JOB && question.contains("/unit/kexec_2etarget\0");
            return new Reply(ofType ? answer(type) : job, isLast);
        });
        Optional<Verb> verb = manager.verb();
        systemd.join();
        return verb;
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void verbIsThatOfTheTargetThatIsToStart(Verb verb) throws IOException {
        assertThat(verbWhen(verb.word(), "start")).contains(verb);
    }

    @Test
    void softRebootAndStopOfATargetHaveNoVerb() throws IOException {
        assertThat(verbWhen("soft-reboot", "start")).isEmpty();
        assertThat(verbWhen("reboot", "stop")).isEmpty();
    }

    @Test
    void unresponsiveSystemdIsNotMistakenForNoShutdown() {
        assertThatThrownBy(manager::verb).isInstanceOf(IOException.class);
        SystemManager missing = new SystemdPrivateBus(directory.resolve("nowhere"));
        assertThatThrownBy(missing::verb).isInstanceOf(IOException.class);
    }
}
