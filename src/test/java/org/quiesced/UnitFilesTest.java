// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dependencies and settings of the units. */
class UnitFilesTest {
    private static final Path UNITS = Path.of("systemd");

    /** Returns the words of all lines of a unit that assign one of the settings. */
    private static List<String> values(String unit, String... settings) throws IOException {
        Set<String> wanted = Set.of(settings);
        return Files.readAllLines(UNITS.resolve(unit)).stream()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2 && wanted.contains(pair[0]))
                .flatMap(pair -> List.of(pair[1].split("\\s+")).stream())
                .toList();
    }

    @Test
    void serviceCanRestartWhileAShutdownIsQueued() throws IOException {
        assertThat(values("quiesced.service", "Conflicts")).isEmpty();
        for (String other : values("quiesced.service", "Wants", "Requires", "BindsTo", "Upholds")) {
            assertThat(values(other, "Conflicts")).as(other).doesNotContain("shutdown.target");
        }
    }

    @Test
    void startsThatTimeOutAreLimited() throws IOException {
        assertThat(values("quiesced.service", "StartLimitIntervalSec", "StartLimitBurst", "TimeoutStartSec"))
                .containsExactly("1h", "5", "3min");
    }

    @Test
    void unitsOfBothPhasesAreStartedTogether() throws IOException {
        assertThat(values("quiesced-early.service", "Wants")).contains("quiesced-stopping.service");
        assertThat(values("quiesced-early.service", "After")).isEmpty();
    }

    /** Units are stopped in the reverse of the order in which they are started (systemd.unit(5), After=). */
    @Test
    void connectionsAreEndedBeforeTheEarlyPhase() throws IOException {
        assertThat(values("quiesced-network.service", "After")).contains("quiesced-early.service");
        assertThat(values("quiesced-network.service", "Before")).doesNotContain("quiesced-early.service");
        assertThat(values("quiesced-early.service", "Before"))
                .as("further units could form a cycle with the network")
                .containsExactlyInAnyOrder("local-fs-pre.target", "shutdown.target");
    }

    @Test
    void poolsAreExportedBetweenTheUnmountingAndTheEarlyPhase() throws IOException {
        assertThat(values("quiesced-release.service", "Before"))
                .contains("local-fs-pre.target", "shutdown.target", "zfs-import-cache.service");
        assertThat(values("quiesced-release.service", "After"))
                .contains("quiesced-early.service", "systemd-remount-fs.service");
        assertThat(values("quiesced-release.service", "Conflicts")).contains("shutdown.target");
        assertThat(values("quiesced-early.service", "Wants")).contains("quiesced-release.service");
    }

    @Test
    void connectionsAreEndedBetweenNetworkFileSystemsAndTheNetwork() throws IOException {
        assertThat(values("quiesced-network.service", "After")).contains("network.target");
        assertThat(values("quiesced-network.service", "Before")).contains("remote-fs-pre.target", "shutdown.target");
        assertThat(values("quiesced-network.service", "Wants"))
                .as("the target orders only if a unit wants it")
                .contains("remote-fs-pre.target");
        assertThat(values("quiesced-network.service", "Conflicts")).contains("shutdown.target");
        assertThat(values("quiesced-early.service", "Wants")).contains("quiesced-network.service");
    }

    /** A health command for a drive needs CAP_SYS_ADMIN, and the daemon reads the files of the unit later. */
    @Test
    void historyServiceMayReadDrivesAndKeepsItsFiles() throws IOException {
        assertThat(values("quiesced-history.service", "CapabilityBoundingSet")).contains("CAP_SYS_ADMIN");
        assertThat(values("quiesced-history.service", "DeviceAllow")).containsExactly("char-*", "r");
        assertThat(values("quiesced-history.service", "RuntimeDirectory", "RuntimeDirectoryPreserve"))
                .containsExactly("quiesced", "yes");
    }

    /** A unit without an [Install] section starts only if another one wants it. */
    @Test
    void countersOfDrivesAreReadAtBootAndOnceADay() throws IOException {
        assertThat(values("quiesced-early.service", "Wants"))
                .contains("quiesced-history.service", "quiesced-history.timer");
        assertThat(values("quiesced-history.timer", "OnUnitInactiveSec")).containsExactly("1d");
    }

    /** It runs with the lowest priority, so that a signal that Java handles would end it late. */
    @Test
    void historyServiceDelaysNoShutdown() throws IOException {
        assertThat(values("quiesced-history.service", "KillSignal")).containsExactly("SIGKILL");
    }
}
