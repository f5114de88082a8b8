// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quiesced.host.SystemManager.State;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/** A shutdown that begins while the drives of a cancelled one are being bound again. */
@Timeout(60)
class ShutdownDuringRestorationTest extends GuardedDaemonTest {
    /** Number of units that are started again after a cancelled shutdown. */
    private static final int UNITS = 6;

    /**
     * Cancels a shutdown, and starts another one while drivers are being bound again, which does not end before
     * {@link #probes} is counted down. Returns the snapshot before the first shutdown.
     */
    private Snapshot startUndoing() throws Exception {
        probesWait = true;
        start();
        systemd.is(State.STOPPING);
        Snapshot before = daemon.current();
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        systemd.is(State.UP);
        until(() -> systemd.started().size() == UNITS);
        systemd.is(State.STOPPING);
        return before;
    }

    @Test
    void hookDuringTheRestorationGetsARunAfterIt() throws Exception {
        Snapshot before = startUndoing();

        shutdowns.late(Verb.POWEROFF, hook(), false);
        until(() -> begun.contains("1"));
        until(() -> answers.size() > 1);
        assertThat(answers).as("signs of life for the hook").allMatch(line -> line.startsWith("1 progress "));
        assertThat(shutdowns.isInFlight()).isTrue();
        probes.countDown();

        until(() -> answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
        assertThat(bound()).isZero();
        assertThat(daemon.current().ready())
                .as("by a plan of what was bound again")
                .isNotSameAs(before.ready());
    }

    @Test
    void earlyPhaseDuringTheRestorationBeginsAfterIt() throws Exception {
        startUndoing();

        shutdowns.stopping(Verb.REBOOT);
        shutdowns.early(Verb.REBOOT);
        assertThat(remark()).isEmpty();
        probes.countDown();

        until(() -> remark().isPresent() && shutdowns.isActive() && bound() == 0);
        assertThat(remark().orElseThrow()).endsWith("2 drives were bound again");
        shutdowns.late(Verb.REBOOT, hook(), false);
        until(() -> !answers.isEmpty() && answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
    }

    @Test
    void drivesUnmountedByACancelledShutdownGoDownInTheNextLatePhase() throws Exception {
        text = "mode = \"on\"\nearly = \"released\"\n";
        List<String> disks =
                List.of("/devices/pci/0000:01:00.0/nvme/nvme0/nvme0n1", "/devices/pci/0000:02:00.0/nvme/nvme1/nvme1n1");
        builder.inUse("/devices/pci/0000:01:00.0", "mounted on /srv/a");
        builder.inUse("/devices/pci/0000:02:00.0", "mounted on /srv/b");
        probesWait = true;
        start();
        systemd.is(State.STOPPING);
        shutdowns.stopping(Verb.REBOOT);
        disks.forEach(kernel::letGo);
        shutdowns.early(Verb.REBOOT);
        until(() -> bound() == 0);
        systemd.is(State.UP);
        until(() -> systemd.started().size() == UNITS);
        systemd.is(State.STOPPING);

        shutdowns.stopping(Verb.REBOOT);
        shutdowns.early(Verb.REBOOT);
        probes.countDown();

        until(() -> log.said().stream()
                        .filter(line -> line.contains("was not observed to be released"))
                        .count()
                == 2);
        assertThat(bound()).isEqualTo(2);
        shutdowns.late(Verb.REBOOT, hook(), false);
        until(() -> !answers.isEmpty() && answers.get(answers.size() - 1).startsWith("1 end 2 of 2 down"));
    }

    @Test
    void earlyPhaseCancelledDuringTheRestorationDoesNotBegin() throws Exception {
        startUndoing();

        shutdowns.stopping(Verb.REBOOT);
        shutdowns.early(Verb.REBOOT);
        systemd.is(State.UP);
        until(() -> systemd.started().size() == 2 * UNITS);
        probes.countDown();

        until(() -> remark().filter(text -> text.endsWith("2 drives were bound again"))
                .isPresent());
        assertThat(bound()).isEqualTo(2);
        assertThat(shutdowns.isInFlight()).isFalse();
        assertThat(log.switches()).as("beginning and end of the log").containsExactly("begin", "end");
    }

    @Test
    void hookThatEndsDuringTheRestorationGetsNoRun() throws Exception {
        startUndoing();
        systemState.end("1");

        shutdowns.late(Verb.REBOOT, hook(), false);
        until(() -> log.said().contains("the hook has ended; what has not begun is left to the kernel"));
        probes.countDown();

        until(() -> !shutdowns.isInFlight());
        assertThat(bound()).isEqualTo(2);
    }
}
