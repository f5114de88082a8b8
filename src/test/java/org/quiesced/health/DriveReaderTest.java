// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.device.Device;
import org.quiesced.history.Counters;
import org.quiesced.history.Records;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.SentFlushes;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.kernel.simulated.SimulatedScsiCounters;
import org.quiesced.method.DriveTypes;

/** Identities of drives are read, and the counters of those that can be queried. */
class DriveReaderTest {
    private static final DriveReader PATIENT = new DriveReader(DriveTypes.SUPPORTED, Duration.ofMinutes(1));

    private final MachineBuilder builder = new MachineBuilder("counting");
    private final String first = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
    private final String second = builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);

    private List<Drive> read(DriveReader reader, Kernel kernel) throws Exception {
        return reader.read(kernel, new SimulatedScsiCounters());
    }

    @Test
    void identityAndCountersOfEachDriveAreRead() throws Exception {
        builder.attribute(first + "/nvme/nvme0", "power_cycles", "12")
                .attribute(first + "/nvme/nvme0", "unsafe_shutdowns", "3");

        assertThat(read(PATIENT, new SimulatedKernel(builder.build())))
                .containsExactly(
                        new Drive(
                                first, "nvme0", "nvme", "Simulated NVMe", "SIM0", Optional.of(Records.counters(12, 3))),
                        new Drive(
                                second,
                                "nvme1",
                                "nvme",
                                "Simulated NVMe",
                                "SIM1",
                                Optional.of(Records.counters(1, 0))));
    }

    @ParameterizedTest
    @ValueSource(chars = {0x1b, 0x9b})
    void controlCharactersOfADriveAreReplaced(char control) throws Exception {
        builder.attribute(first + "/nvme/nvme0", "model", " Odd" + control + "[31m one ");

        assertThat(read(PATIENT, new SimulatedKernel(builder.build())).get(0).model())
                .isEqualTo("Odd?[31m one");
    }

    @Test
    void driveThatFailsToAnswerHasNoCounters() throws Exception {
        builder.fault(first, Fault.IDENTIFY_FAILS);

        assertThat(read(PATIENT, new SimulatedKernel(builder.build())))
                .extracting(drive -> drive.counters().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void controllerThatIsNotLiveGetsNoCommand() throws Exception {
        builder.attribute(first + "/nvme/nvme0", "state", "dead");

        assertThat(read(PATIENT, new SimulatedKernel(builder.build())))
                .extracting(drive -> drive.counters().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void unresponsiveDriveDelaysNoOtherDrive() throws Exception {
        CountDownLatch otherHasAnswered = new CountDownLatch(1);
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        Kernel stuck = Altered.with(
                new Stuck(kernel.nvme(), controller -> {
                    if (controller.name().equals("nvme0")) {
                        forEver();
                    }
                    otherHasAnswered.countDown();
                }),
                kernel);

        List<Drive> drives = read(new DriveReader(DriveTypes.SUPPORTED, Duration.ofSeconds(2)), stuck);

        assertThat(otherHasAnswered.getCount()).isZero();
        assertThat(drives).extracting(drive -> drive.counters().isPresent()).containsExactly(false, true);
    }

    /** Commands to drives, each health command of which is preceded by an action. */
    private record Stuck(NvmeCommands rest, Consumer<Device> before) implements NvmeCommands {
        @Override
        public Identity identify(Device controller) throws IOException {
            return rest.identify(controller);
        }

        @Override
        public Identity identify(Device controller, Duration limit) throws IOException {
            return rest.identify(controller, limit);
        }

        @Override
        public Health health(Device controller) throws IOException {
            before.accept(controller);
            return rest.health(controller);
        }

        @Override
        public void flush(Device namespace) throws IOException {
            rest.flush(namespace);
        }

        @Override
        public SentFlushes sentFlushes() {
            return rest.sentFlushes();
        }
    }

    private static void forEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void scsiDiskIsIdentifiedByItsLogicalUnitWithoutCounters() throws Exception {
        String disk = builder.scsiDisk("/devices/pci/host0", "0:0:0:0", Duration.ZERO);
        builder.attribute(disk, "wwid", "naa.5000c500a1b2c3d4").attribute(disk, "model", "ST10000NM0016  ");

        assertThat(read(PATIENT, new SimulatedKernel(builder.build())))
                .contains(new Drive(disk, "sda", "sd", "ST10000NM0016", "naa.5000c500a1b2c3d4", Optional.empty()));
    }

    private String sasDisk() {
        String disk = builder.scsiDisk("/devices/pci/host0", "0:0:0:0", Duration.ZERO);
        builder.attribute(disk, "wwid", "naa.5000c500a1b2c3d4")
                .attribute(disk, "model", "ST10000NM0016")
                .attribute(disk, "sas_address", "0x5000c500a1b2c3d5")
                .attribute(disk, "start_stop_cycles", "41");
        return disk;
    }

    private void assertCounters(Optional<Counters> counters) throws Exception {
        assertThat(read(PATIENT, new SimulatedKernel(builder.build())))
                .extracting(Drive::counters)
                .endsWith(counters);
    }

    @Test
    void sasDiskIsQueriedForItsStartStopCycles() throws Exception {
        sasDisk();

        assertCounters(Optional.of(Counters.ofDisk(BigInteger.valueOf(41))));
    }

    @Test
    void suspendedDiskIsNotWoken() throws Exception {
        builder.attribute(sasDisk(), "power/runtime_status", "suspended");

        assertCounters(Optional.empty());
    }

    @Test
    void sataDiskOfASasAdapterGetsNoCommand() throws Exception {
        builder.attribute(sasDisk(), "vendor", "ATA     ");

        assertCounters(Optional.empty());
    }

    @Test
    void diskWithoutASasAddressGetsNoCommand() throws Exception {
        String disk = builder.scsiDisk("/devices/pci/host0", "0:0:0:0", Duration.ZERO);
        builder.attribute(disk, "wwid", "naa.5000c500a1b2c3d4")
                .attribute(disk, "model", "USB bridge")
                .attribute(disk, "start_stop_cycles", "41");

        assertCounters(Optional.empty());
    }
}
