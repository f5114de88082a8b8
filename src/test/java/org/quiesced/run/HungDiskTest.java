// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.run.Outcomes.whyLeft;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/**
 * Beyond the other disks, a disk that hangs before its first command delays a run by at most 10 s, a hung command by at
 * most 30 s. A removal that was begun is awaited.
 */
class HungDiskTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());
    private static final Config ONE_BY_ONE = Configs.config(Mode.SAFE, Map.of(), Map.of());
    private static final String FIRST = "0000:01:00.0";
    private static final String SECOND_DRIVE = "0000:02:00.0";

    private final MachineBuilder builder = new MachineBuilder("hung");
    private final Map<String, Duration> opening = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private UnaryOperator<Kernel> altered = kernel -> kernel;
    private final Lockstep time = new Lockstep();
    private Machine machine;
    private SimulatedKernel simulated;

    private String nvme(String address, int seconds) {
        return builder.nvme("/devices/pci0000:00/0000:00:01.0", address, Duration.ofSeconds(seconds));
    }

    @AfterEach
    void settle() {
        time.awaitAllOthers();
    }

    private Kernel kernel() {
        machine = builder.build();
        simulated = time.kernel(machine);
        Kernel kernel = simulated;
        BlockClaims claims = kernel.claims();
        return altered.apply(Altered.with(
                new BlockClaims() {
                    @Override
                    public Claim claim(Device disk) throws IOException {
                        opening.forEach((address, latency) -> {
                            if (disk.path().contains(address)) {
                                time.spend(latency.toNanos());
                            }
                        });
                        return claims.claim(disk);
                    }

                    @Override
                    public VisibleUsers visibleUsers() {
                        return claims.visibleUsers();
                    }
                },
                kernel));
    }

    private Timeline late(Config config) throws IOException {
        Kernel kernel = kernel();
        CheckedRun checked = checked(kernel, config);
        checked.late(Verb.REBOOT, kernel, Duration.ofDays(1), events::add);
        return checked.execute();
    }

    private Timeline early(Consumer<Run> atFirstEnd) throws IOException {
        Kernel kernel = kernel();
        Run[] self = new Run[1];
        CheckedRun checked = checked(kernel, ALL);
        self[0] = checked.early(Verb.REBOOT, kernel, target -> Optional.empty(), event -> {
            events.add(event);
            if (event instanceof Event.Done) {
                atFirstEnd.accept(self[0]);
            }
        });
        return checked.execute();
    }

    private CheckedRun checked(Kernel kernel, Config config) throws IOException {
        return CheckedRun.of(machine, simulated, Planner.assumingFree(config).plan(kernel.readTree()), time);
    }

    private List<String> done() {
        return simulated.log().operations().stream()
                .map(Operation::device)
                .map(Device::name)
                .toList();
    }

    @Test
    void hungOpenCostsTenSeconds() throws IOException {
        nvme(FIRST, 1);
        nvme(SECOND_DRIVE, 1);
        opening.put(SECOND_DRIVE, Duration.ofHours(1));

        Timeline timeline = late(ALL);
        time.awaitAllOthers();

        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(10));
        assertThat(whyLeft(timeline, SECOND_DRIVE).describe()).isEqualTo("not ready after 10.00s, its driver stays");
        assertThat(done()).as("when the open comes back at last").containsOnly("nvme0n1", FIRST);
    }

    @Test
    void hungOpenCostsNothingBesideSlowerDrives() throws IOException {
        nvme(FIRST, 30);
        nvme(SECOND_DRIVE, 1);
        opening.put(SECOND_DRIVE, Duration.ofHours(1));

        assertThat(late(ALL).took()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void slowOpenMaySucceedWhileOtherDrivesAreAwaited() throws IOException {
        nvme(FIRST, 30);
        nvme(SECOND_DRIVE, 1);
        opening.put(SECOND_DRIVE, Duration.ofSeconds(25));

        assertThat(late(ALL).downCount()).isEqualTo(2);
    }

    @Test
    void serialLaneContinuesAfterAHungOpen() throws IOException {
        nvme(FIRST, 1);
        nvme(SECOND_DRIVE, 1);
        opening.put(SECOND_DRIVE, Duration.ofHours(1));

        Timeline timeline = late(ONE_BY_ONE);

        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(11));
        assertThat(timeline.downCount()).isEqualTo(1);
    }

    @Test
    void hungCommandCostsThirtySeconds() throws IOException {
        builder.fault(nvme(FIRST, 1), Fault.FLUSH_HANGS);

        Timeline timeline = late(ALL);

        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(30));
        assertThat(whyLeft(timeline, FIRST).describe()).isEqualTo("not ready after 30.00s, its driver stays");
    }

    @Test
    void configuredTimeLimitsAHungCommand() throws IOException {
        builder.fault(nvme(FIRST, 1), Fault.FLUSH_HANGS);
        Settings longer = Configs.settings(new Settings.Timeout(Optional.of(Duration.ofSeconds(70))));

        assertThat(late(Configs.config(Mode.ON, Map.of("nvme", longer), Map.of()))
                        .took())
                .isEqualTo(Duration.ofSeconds(70));
    }

    @Test
    void hungCommandMayAnswerThirtySecondsAfterTheLastOtherDrive() throws IOException {
        builder.fault(nvme(FIRST, 1), Fault.FLUSH_HANGS);
        nvme(SECOND_DRIVE, 20);

        assertThat(late(ALL).took()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void hungCommandHasTheTimeOfTheDriverBesideSlowerDrives() throws IOException {
        builder.fault(nvme(FIRST, 1), Fault.FLUSH_HANGS);
        builder.fault(nvme(SECOND_DRIVE, 1), Fault.HANGS);

        Timeline timeline = late(ALL);

        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(100));
        assertThat(whyLeft(timeline, FIRST).describe()).isEqualTo("not ready after 1min 40s, its driver stays");
    }

    @Test
    void hungRemovalIsAwaited() throws IOException {
        builder.fault(nvme(FIRST, 1), Fault.HANGS);

        Timeline timeline = late(ALL);

        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(100));
        assertThat(whyLeft(timeline, FIRST).describe()).endsWith("still in flight");
    }

    @Test
    void usageScanMayTakeLonger() throws IOException {
        nvme(FIRST, 1);
        altered = kernel -> Altered.with(
                new Usage() {
                    @Override
                    public Users scan() throws IOException {
                        time.spend(Duration.ofSeconds(19).toNanos());
                        return kernel.usage().scan();
                    }

                    @Override
                    public Traffic traffic(Device disk) throws IOException {
                        return kernel.usage().traffic(disk);
                    }
                },
                kernel);

        assertThat(late(ALL).downCount()).isEqualTo(1);
    }

    @Test
    void slowOpenInTheEarlyPhaseHasTimeUntilTheLatePhase() throws IOException {
        nvme(FIRST, 15);
        nvme(SECOND_DRIVE, 1);
        opening.put(SECOND_DRIVE, Duration.ofSeconds(12));

        assertThat(early(run -> run.late(Verb.REBOOT, Duration.ofSeconds(80))).downCount())
                .isEqualTo(2);
    }

    @Test
    void openHungSinceTheEarlyPhaseIsNotAwaitedInTheLatePhase() throws IOException {
        nvme(FIRST, 15);
        nvme(SECOND_DRIVE, 1);
        opening.put(SECOND_DRIVE, Duration.ofHours(1));

        assertThat(early(run -> run.late(Verb.REBOOT, Duration.ofSeconds(80))).took())
                .isEqualTo(Duration.ofSeconds(15));
    }
}
