// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.OperationLog;

/** A hook before an exitrd is released early; what is left goes down once the exitrd has released it. */
class ExitrdRequestsTest extends StartedDaemonTest {
    /** Adds the drive of the root file system, and returns its path. */
    private String rootDrive() {
        String root = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(300));
        builder.inUse(root, new DiskUser("mounted on /", DiskUser.Release.EXITRD));
        return root;
    }

    @Test
    void hookBeforeAnExitrdIsReleasedOnceAllDrivesBeganAndTheNextHookWaits() throws Exception {
        rootDrive();
        start();
        pipe.requests.add("late reboot 4711 exitrd");
        List<String> first = pipe.untilEnd();
        assertThat(first.get(first.size() - 1)).matches("4711 handover 0 of 3 down, 3 to go, .*");
        assertThat(shutdowns.isActive()).isTrue();

        kernel.letGo(DiskUser.Release.EXITRD);
        pipe.requests.add("late reboot 4712");
        List<String> second = pipe.untilEnd();
        assertThat(second.get(second.size() - 1)).matches("4712 end 3 of 3 down, .*");
        assertThat(pipe.begun).containsExactly("4711", "4712");
    }

    @Test
    void rootDriveGoesDownOnceRootIsUnmounted() throws Exception {
        String root = rootDrive();
        start();
        pipe.requests.add("late reboot 4711 exitrd");
        pipe.untilEnd();
        kernel.letGo(DiskUser.Release.EXITRD);
        pipe.requests.add("exitrd reboot");
        until(() ->
                slowOperations().stream().anyMatch(down -> down.device().path().equals(root)));

        pipe.requests.add("late reboot 4712");
        assertThat(pipe.untilEnd()).last().asString().matches("4712 end 3 of 3 down, .*");
    }

    @Test
    void exitrdRequestIsIgnoredByARunThatDoesNotWaitForIt() throws Exception {
        start();
        pipe.requests.add("exitrd reboot");
        pipe.requests.add("late reboot 4711");
        pipe.requests.add("exitrd reboot");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, .*");
    }

    @Test
    void hookBeforeAnExitrdWaitsForStopsOfDisks() throws Exception {
        builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofMillis(300));
        start();
        pipe.requests.add("late poweroff 4711 exitrd");

        List<String> lines = pipe.untilEnd();
        assertThat(lines.get(lines.size() - 1)).matches("4711 handover [1-3] of 3 down, .*");
        assertThat(kernel.log().operations())
                .extracting(OperationLog.Operation::kind)
                .contains(OperationLog.Kind.STOP);
    }

    /** Returns the last answer to the hook before an exitrd. The slowest of the other drives takes 1.2 s. */
    private String answerBefore(SimulatedExitrd next) throws Exception {
        rootDrive();
        exitrd = next;
        start();
        pipe.requests.add("late reboot 4711 exitrd");
        List<String> answers = pipe.untilEnd();
        return answers.get(answers.size() - 1);
    }

    @Test
    void exitrdWithALongerUnmountingThanTheOtherDrivesIsWithdrawn() throws Exception {
        assertThat(answerBefore(new SimulatedExitrd(Duration.ofSeconds(5), true)))
                .matches("4711 end 2 of 2 down, .*");
        assertThat(exitrd.isWithdrawn()).isTrue();
    }

    @Test
    void exitrdOfAnotherMakerIsUsedHoweverLongItsUnmounting() throws Exception {
        assertThat(answerBefore(new SimulatedExitrd(Duration.ofSeconds(5), false)))
                .matches("4711 handover 0 of 3 down, .*");
    }

    @Test
    void exitrdWithAQuickUnmountingIsUsed() throws Exception {
        assertThat(answerBefore(new SimulatedExitrd(Duration.ofMillis(200), true)))
                .matches("4711 handover 0 of 3 down, .*");
        assertThat(exitrd.isWithdrawn()).isFalse();
    }

    @Test
    void exitrdAfterTheEndOfTheRunTriesTheRestAgain() throws Exception {
        rootDrive();
        start();
        pipe.requests.add("late reboot 4711");
        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, .*");

        kernel.letGo(DiskUser.Release.EXITRD);
        pipe.requests.add("late reboot 4712");
        assertThat(pipe.untilEnd()).last().asString().matches("4712 end 3 of 3 down, .*");
    }
}
