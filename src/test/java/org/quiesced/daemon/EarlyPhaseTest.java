// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.daemon.Awaiting.until;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The early phase shuts down the drives that were released since the shutdown began; the late phase joins it. */
class EarlyPhaseTest extends StartedDaemonTest {
    @Test
    void latePhaseJoinsDrivesOfTheEarlyPhase() throws Exception {
        text = "mode = \"on\"\nearly = \"free\"\n";
        start();
        pipe.requests.add("early reboot");
        until(() -> !slowOperations().isEmpty());
        pipe.requests.add("late reboot 4711");

        List<String> lines = pipe.untilEnd();
        assertThat(lines)
                .as("the drive that went down early counts from the first line on")
                .noneMatch(line -> line.contains(" 0 of 2 down"));
        assertThat(lines.get(lines.size() - 1)).matches("4711 end 2 of 2 down, .*");
        assertThat(slowOperations()).as("each once").hasSize(2);
    }

    @Test
    void driveWithAUserAtTheBeginningOfTheShutdownCountsAsReleased() throws Exception {
        builder.inUse(FIRST, "mounted on /srv");
        start();
        pipe.requests.add("stopping reboot 7");
        pipe.awaitBegun("7");
        kernel.letGo(FIRST_DISK);
        pipe.requests.add("early reboot");
        until(() -> !slowOperations().isEmpty());
        assertThat(slowOperations()).extracting(o -> o.device().path()).containsExactly(FIRST);
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, .*");
    }

    @Test
    void partitionWithoutAUserKeepsItsDriveOutOfTheEarlyPhase() throws Exception {
        builder.classDevice(FIRST_DISK + "/nvme0n1p1", "block", Map.of("size", "4096"));
        builder.inUse(FIRST_DISK, "mounted on /srv");
        builder.classDevice(FIRST_DISK + "/nvme0n1p2", "block", Map.of("size", "4096"));
        String released = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofMillis(2500));
        String disk = released + "/nvme/nvme2/nvme2n1";
        builder.classDevice(disk + "/nvme2n1p1", "block", Map.of("size", "2"));
        builder.classDevice(disk + "/nvme2n1p5", "block", Map.of("size", "4096"));
        builder.inUse(disk, "mounted on /srv/b");
        start();
        pipe.requests.add("stopping reboot 7");
        pipe.awaitBegun("7");
        kernel.letGo(FIRST_DISK + "/nvme0n1p1");
        kernel.letGo(disk + "/nvme2n1p1");
        kernel.letGo(disk + "/nvme2n1p5");
        pipe.requests.add("early reboot");
        until(() -> !slowOperations().isEmpty());
        assertThat(slowOperations()).extracting(o -> o.device().path()).containsExactly(released);
        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 3 of 3 down, .*");
    }

    @Test
    void unannouncedShutdownUsesTheLastKnownUsers() throws Exception {
        builder.inUse(FIRST, "mounted on /srv");
        start();
        kernel.letGo(FIRST_DISK);
        pipe.requests.add("early reboot");

        until(() -> !slowOperations().isEmpty());
        assertThat(slowOperations()).extracting(o -> o.device().path()).containsExactly(FIRST);
    }
}
