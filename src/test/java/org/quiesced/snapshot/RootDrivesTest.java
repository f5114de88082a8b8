// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.plan.RootDrives;
import org.quiesced.report.DispositionType;
import org.quiesced.report.PhaseType;
import org.quiesced.report.PlanJson;
import org.quiesced.report.PlanReport;
import org.quiesced.shutdown.Verb;

/** The plan states whether an exitrd takes the root drives, counts them then, and otherwise gives a reason. */
class RootDrivesTest {
    private final MachineBuilder builder = new MachineBuilder("root");
    private final String root = drive(1);
    private Optional<String> obstacle = Optional.empty();
    private String config = "mode = \"on\"\n";

    RootDrivesTest() {
        builder.inUse(root, new DiskUser("mounted on /", DiskUser.Release.EXITRD));
    }

    private String drive(int number) {
        return builder.nvme("/devices/pci", "0000:0" + number + ":00.0", Duration.ofSeconds(3));
    }

    private PlanReport report() throws Exception {
        Plan plan = plan();
        return new PlanReport(plan, builder.build(), Verb.REBOOT, Configs.FILES.parse("quiesced.toml", config));
    }

    private Plan plan() throws Exception {
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        SnapshotReader reader = new SnapshotReader(
                kernel, kernel.workers(), DriveTypes.SUPPORTED, () -> obstacle, () -> ExpectedTimes.NONE);
        return reader.read(Configs.FILES.parse("quiesced.toml", config), KnownLatencies.none())
                .seen();
    }

    private PlanJson.Entry entry() throws Exception {
        return report().json().devices().stream()
                .filter(entry -> entry.path().equals(root))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rootDriveBesideOtherDrivesGoesDownInTheExitrd() throws Exception {
        drive(2);

        assertThat(entry().phase()).contains(PhaseType.EXITRD);
        assertThat(entry().why()).isEqualTo("in use now (mounted on /); free in the exitrd");
        assertThat(report().totals().drives()).isEqualTo(2);
        assertThat(report().totals().drivesLeft()).isZero();
        assertThat(report().totals().kernelAlone()).isEqualTo(6);
        assertThat(report().totals().expected()).isEqualTo(3);
        assertThat(RootDrives.of(plan())).extracting(device -> device.path()).containsExactly(root);
    }

    /** The reported time is kept when the plan leaves the drive to the kernel, so the plan is stable. */
    @Test
    void quickRootDriveIsLeftToTheKernel() throws Exception {
        drive(2);
        builder.latency(root, Duration.ofMillis(100));
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        SnapshotReader reader = new SnapshotReader(
                kernel, kernel.workers(), DriveTypes.SUPPORTED, () -> obstacle, () -> ExpectedTimes.NONE);
        Plan seen = plan();
        assertThat(RootDrives.of(seen)).as("while its time is unknown").hasSize(1);

        KnownLatencies known = KnownLatencies.none();
        for (int i = 0; i < 3; i++) {
            known = reader.ask(known, seen);
            seen = reader.read(Configs.FILES.parse("quiesced.toml", config), known)
                    .seen();
            assertThat(RootDrives.of(seen)).isEmpty();
        }
    }

    @Test
    void unmountingMayTakeAsLongAsTheOtherDrivesAndTheRootDrivesBesidesTheSlowest() throws Exception {
        String other = drive(2);
        assertThat(patience()).as("one root drive, another").isEqualTo(Duration.ofSeconds(3));

        builder.latency(other, Duration.ofSeconds(1));
        assertThat(patience()).as("a quicker one").isEqualTo(Duration.ofSeconds(1));

        builder.inUse(drive(3), new DiskUser("held by md0, mounted on /", DiskUser.Release.EXITRD));
        assertThat(patience()).as("a second root drive").isEqualTo(Duration.ofSeconds(4));

        builder.latency(other, Duration.ofSeconds(9));
        assertThat(patience()).as("no longer than the exitrd waits").isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void driveOfUnknownTimeCountsAsTwoSeconds() throws Exception {
        drive(2);

        assertThat(RootDrives.patience(plan(), device -> Optional.empty(), device -> true))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void driveThatIsDownAlreadyDoesNotCount() throws Exception {
        String other = drive(2);

        assertThat(RootDrives.patience(
                        plan(), builder.build(), device -> !device.path().equals(other)))
                .isZero();
    }

    @Test
    void controllerOverAFabricIsNoOtherDrive() throws Exception {
        builder.add(new Device(
                "/devices/virtual/nvme-fabrics/ctl/nvme9",
                "nvme",
                false,
                Optional.of("nvme-tcp"),
                Map.of("state", "live", "transport", "tcp")));

        assertThat(RootDrives.of(plan())).as("no exitrd for a single drive").isEmpty();
    }

    private Duration patience() throws Exception {
        return RootDrives.patience(plan(), builder.build(), device -> true);
    }

    @Test
    void singleDriveIsLeftToTheKernel() throws Exception {
        assertThat(entry().why()).isEqualTo("nvme0n1 is in use: mounted on /");
        assertThat(RootDrives.of(plan())).isEmpty();
    }

    @Test
    void twoRootDrivesGoDownInTheExitrd() throws Exception {
        builder.inUse(drive(2), new DiskUser("held by md0, mounted on /", DiskUser.Release.EXITRD));

        assertThat(RootDrives.of(plan())).hasSize(2);
    }

    @Test
    void rootDriveWithoutAnExitrdIsLeftToTheKernelWithAReason() throws Exception {
        drive(2);
        obstacle = Optional.of("missing: ldd");

        assertThat(entry().disposition()).isEqualTo(DispositionType.KERNEL);
        assertThat(entry().why()).isEqualTo("nvme0n1 is in use: mounted on /, no exitrd: missing: ldd");
        assertThat(report().summary()).contains("no exitrd: missing: ldd");
        assertThat(RootDrives.of(plan())).isEmpty();
    }

    @Test
    void rootDriveIsLeftToAParallelKernel() throws Exception {
        drive(2);
        builder.parameter("core", "async_shutdown", "Y");

        assertThat(entry().why())
                .isEqualTo("nvme0n1 is in use: mounted on /, no exitrd: this kernel shuts it down beside the others");
        assertThat(RootDrives.of(plan())).isEmpty();
        assertThat(report().totals().expected()).isEqualTo(3);
        assertThat(report().totals().kernelAlone()).isEqualTo(3);
    }

    @Test
    void rootDriveGoesDownInTheExitrdOnAParallelKernelWithoutHandover() throws Exception {
        drive(2);
        builder.parameter("core", "async_shutdown", "Y");
        config += "handover = false\n";

        assertThat(RootDrives.of(plan())).hasSize(1);
    }

    @Test
    void configurationLeavesTheRootDriveToTheKernel() throws Exception {
        drive(2);
        config += "root = \"never\"\n";

        assertThat(entry().why()).isEqualTo("nvme0n1 is in use: mounted on /, no exitrd: root = \"never\"");
        assertThat(RootDrives.of(plan())).isEmpty();
    }

    @Test
    void optedOutDriveIsNoRootDrive() throws Exception {
        drive(2);
        drive(3);
        config += "[device.nvme0]\nshutdown = \"kernel\"\n";

        assertThat(RootDrives.of(plan())).isEmpty();
        assertThat(entry().why()).isEqualTo("opted out");
    }
}
