// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Early;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * Only drives that were seen to be released go down early, because a drive that was never claimed may have invisible
 * users.
 */
class EarlyRuleTest {
    private static final String DRIVE = "/devices/drive";

    private final List<Device> devices =
            new ArrayList<>(List.of(new Device(DRIVE, "pci", true, Optional.of("nvme"), Map.of())));

    /** Adds a disk, or a partition as {@code DISK/PARTITION}. */
    private void block(String path, String size) {
        devices.add(new Device(DRIVE + "/" + path, "block", false, Optional.empty(), Map.of("size", size)));
    }

    private Optional<Reason> obstacle(Early early, Set<String> hadUser, String... disks) {
        return obstacle("nvme", early, hadUser, disks);
    }

    private Optional<Reason> obstacle(String driver, Early early, Set<String> hadUser, String... disks) {
        Stream.of(disks).forEach(disk -> block(disk, "1953525168"));
        Storage storage = new Storage(DeviceTree.of(devices, List.of()));
        Target target = Target.of(devices.get(0), storage, Optional.empty(), Settings.NONE);
        return new EarlyRule(early, Verb.REBOOT, disk -> hadUser.contains(disk.name())).apply(method(driver), target);
    }

    private static ShutdownMethod method(String driver) {
        return DriveTypes.SUPPORTED.all().stream()
                .filter(type -> type.binding().driver().equals(driver))
                .findFirst()
                .orElseThrow()
                .method();
    }

    @Test
    void driveThatNeedsTheNetworkGoesEarlyWithoutEvidence() {
        assertThat(obstacle("nvme-tcp", Early.RELEASED, Set.of(), "n1")).isEmpty();
        assertThat(obstacle("nvme-loop", Early.RELEASED, Set.of())).isEmpty();
    }

    @Test
    void driveThatNeedsTheNetworkStaysWithEarlyNever() {
        assertThat(obstacle("nvme-tcp", Early.NEVER, Set.of("n1"), "n1"))
                .contains(new Reason.OtherPhase(Phase.EARLY, Verb.REBOOT));
    }

    @Test
    void releasedDisksGoEarly() {
        assertThat(obstacle(Early.RELEASED, Set.of("n1", "n2"), "n1", "n2")).isEmpty();
    }

    @Test
    void driveWithOneUnreleasedDiskWaits() {
        assertThat(obstacle(Early.RELEASED, Set.of("n1"), "n1", "n2")).contains(new Reason.NotReleased("n2"));
    }

    @Test
    void driveWithoutADiskWaits() {
        assertThat(obstacle(Early.RELEASED, Set.of())).contains(new Reason.NotReleased("drive"));
    }

    @Test
    void driveWithOneUnreleasedPartitionWaits() {
        assertThat(obstacle(Early.RELEASED, Set.of("p1", "p3"), "n1", "n1/p1", "n1/p2", "n1/p3"))
                .contains(new Reason.NotReleased("p2"));
        assertThat(new Reason.NotReleased("p2").describe())
                .isEqualTo("p2 was not observed to be released in this shutdown");
    }

    @Test
    void diskWithAllPartitionsReleasedGoesEarly() {
        assertThat(obstacle(Early.RELEASED, Set.of("p1", "p2", "n2"), "n1", "n1/p1", "n1/p2", "n2"))
                .isEmpty();
    }

    @Test
    void userOfAWholeDiskCountsForItsPartitions() {
        assertThat(obstacle(Early.RELEASED, Set.of("n1"), "n1", "n1/p1")).isEmpty();
    }

    @Test
    void diskWithUnusedPartitionsWaits() {
        assertThat(obstacle(Early.RELEASED, Set.of(), "n1", "n1/p1")).contains(new Reason.NotReleased("p1"));
    }

    @Test
    void extendedPartitionNeedsNoUser() {
        block("n1", "1953525168");
        block("n1/p1", "2");
        block("n1/p2", "8");
        block("n1/p5", "1953519616");

        assertThat(obstacle(Early.RELEASED, Set.of("p5"))).isEmpty();
    }

    @Test
    void smallPartitionNeedsAUser() {
        block("n1", "1953525168");
        block("n1/p1", "9");
        block("n1/p2", "1953519616");

        assertThat(obstacle(Early.RELEASED, Set.of("p2"))).contains(new Reason.NotReleased("p1"));
    }

    @Test
    void freeDisksGoEarlyWithEarlyFree() {
        assertThat(List.of(obstacle(Early.FREE, Set.of()), obstacle(Early.FREE, Set.of(), "n1", "n1/p1")))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void noDiskGoesEarlyWithEarlyNever() {
        assertThat(obstacle(Early.NEVER, Set.of("n1"), "n1")).contains(new Reason.OtherPhase(Phase.EARLY, Verb.REBOOT));
    }
}
