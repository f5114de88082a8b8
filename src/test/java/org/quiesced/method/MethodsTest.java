// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Say;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** What is done to a device, step by step, and what is not done when a step fails. */
class MethodsTest {
    private final MachineBuilder builder = new MachineBuilder("methods");
    private final List<Duration> allowed = new ArrayList<>();
    private SimulatedKernel kernel;
    private boolean flushed;

    private void shutdown(String path, Settings settings, Verb verb) throws IOException {
        Machine machine = builder.build();
        DeviceTree tree = machine.tree();
        kernel = new SimulatedKernel(machine);
        Device device = tree.find(path).orElseThrow();
        ShutdownMethod method = Methods.of(device, settings).orElseThrow();
        Storage storage = new Storage(tree);
        Target target = new Target(
                device,
                storage.disksOf(device),
                method.controlClass().flatMap(name -> storage.firstBelow(device, name)),
                settings);
        method.shutdown(target, verb, kernel, new ShutdownMethod.Progress() {
            @Override
            public void flushed() {
                flushed = true;
            }

            @Override
            public void allow(Duration patience) {
                allowed.add(patience);
            }

            @Override
            public Usage.Users users() throws IOException {
                return kernel.usage().look();
            }

            @Override
            public void act() {}
        });
    }

    private List<String> done() {
        return kernel.log().operations().stream().map(this::words).toList();
    }

    private String words(Operation operation) {
        return operation.kind() + " " + operation.device().name();
    }

    @Nested
    class Nvme {
        private final String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(8));

        @Test
        void isFlushedAndThenUnbound() throws IOException {
            shutdown(drive, Settings.NONE, Verb.REBOOT);

            assertThat(done()).containsExactly("FLUSH nvme0n1", "UNBIND 0000:01:00.0");
            assertThat(flushed).isTrue();
        }

        @Test
        void isGivenTheTimeThatItSaysItNeeds() throws IOException {
            shutdown(drive, Settings.NONE, Verb.REBOOT);

            assertThat(allowed)
                    .singleElement()
                    .satisfies(patience -> assertThat(patience).isGreaterThan(Duration.ofSeconds(8)));
        }

        @Test
        void inUseIsNotTouched() {
            builder.inUse(drive, "mounted on /");

            assertThatThrownBy(() -> shutdown(drive, Settings.NONE, Verb.REBOOT))
                    .isInstanceOf(DeviceInUseException.class)
                    .hasMessage("nvme0n1 is in use: mounted on /");
            assertThat(done()).isEmpty();
        }

        @Test
        void isNotUnboundWhenTheFlushFails() {
            builder.fault(drive, Fault.FLUSH_FAILS);

            assertThatThrownBy(() -> shutdown(drive, Settings.NONE, Verb.REBOOT))
                    .hasMessageContaining("Flush failed");
            assertThat(done()).isEmpty();
        }

        @Test
        void isNotUnboundWhenTheFlushFailsThoughAnotherMightSucceed() {
            builder.fault(drive, Fault.FIRST_FLUSH_FAILS);

            assertThatThrownBy(() -> shutdown(drive, Settings.NONE, Verb.REBOOT))
                    .hasMessageContaining("Flush failed");
            assertThat(done()).isEmpty();
        }

        @Test
        void underMultipathIsFlushedByTheHeadDiskAndOnceMoreIfThePathWentAway() throws IOException {
            String path = builder.device("/devices/pci", "0000:02:00.0", "pci", "nvme");
            String head = "/devices/virtual/nvme-subsystem/nvme-subsys5/nvme5n1";
            builder.classDevice(path + "/nvme/nvme1", "nvme", Map.of("state", "live"))
                    .classDevice(path + "/nvme/nvme1/nvme5c1n1", "block", Map.of())
                    .classDevice(head, "block", Map.of())
                    .fault(head, Fault.FIRST_FLUSH_FAILS);
            shutdown(path, Settings.NONE, Verb.REBOOT);

            assertThat(done()).containsExactly("FLUSH nvme5n1", "UNBIND 0000:02:00.0");
        }

        @Test
        void isNotTouchedWhenItDoesNotAnswer() {
            builder.fault(drive, Fault.IDENTIFY_FAILS);

            assertThatThrownBy(() -> shutdown(drive, Settings.NONE, Verb.REBOOT))
                    .hasMessageContaining("Identify failed");
            assertThat(done()).isEmpty();
        }

        @Test
        void thatIsBeingResetIsNotTouched() {
            String other = builder.device("/devices/pci", "0000:02:00.0", "pci", "nvme");
            builder.classDevice(other + "/nvme/nvme1", "nvme", Map.of("state", "resetting"));

            assertThatThrownBy(() -> shutdown(other, Settings.NONE, Verb.REBOOT))
                    .hasMessage("nvme1: the controller is not live but resetting");
            assertThat(done()).isEmpty();
        }

        @Test
        void thatHasLostItsDriverIsDown() throws IOException {
            builder.fault(drive, Fault.VANISHES);
            shutdown(drive, Settings.NONE, Verb.REBOOT);

            assertThat(done()).isEmpty();
        }

        @Test
        void isNotFlushedWhereThatIsSwitchedOff() throws IOException {
            shutdown(drive, flush(Settings.Flush.NEVER), Verb.REBOOT);

            assertThat(done()).containsExactly("UNBIND 0000:01:00.0");
        }
    }

    @Nested
    class Scsi {
        private final String disk = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

        private String attribute() {
            Device scsiDisk =
                    builder.build().tree().find(disk + "/scsi_disk/0:0:0:0").orElseThrow();
            return kernel.attributes().read(scsiDisk, "manage_start_stop").orElseThrow();
        }

        @Test
        void isSynchronisedUnboundAndStoppedAtPowerOff() throws IOException {
            shutdown(disk, Settings.NONE, Verb.POWEROFF);

            assertThat(done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0", "STOP 0:0:0:0");
        }

        @Test
        void isNotStoppedAtReboot() throws IOException {
            shutdown(disk, Settings.NONE, Verb.REBOOT);

            assertThat(done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
            assertThat(attribute()).as("or the driver would stop it").isEqualTo("0");
        }

        @Test
        void isNotStoppedAtKexec() throws IOException {
            shutdown(disk, stop(Settings.Stop.ALWAYS), Verb.KEXEC);

            assertThat(done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
        }

        @Test
        void isNotUnboundWhenItCannotBeSynchronised() {
            builder.fault(disk, Fault.FLUSH_FAILS);

            assertThatThrownBy(() -> shutdown(disk, Settings.NONE, Verb.POWEROFF))
                    .hasMessageContaining("SYNCHRONIZE CACHE failed");
            assertThat(done()).isEmpty();
            assertThat(attribute()).isEqualTo("1");
        }

        @Test
        void isLeftToTheKernelAsItWasWhenItCannotBeUnbound() {
            builder.fault(disk, Fault.UNBIND_FAILS);

            assertThatThrownBy(() -> shutdown(disk, Settings.NONE, Verb.POWEROFF))
                    .isInstanceOf(IOException.class);
            assertThat(attribute()).isEqualTo("1");
            assertThat(done()).containsExactly("FLUSH sda");
        }

        @Test
        void withoutAWriteCacheIsNotSynchronised() throws IOException {
            String other = builder.device("/devices/host0", "0:0:1:0", "scsi", "sd");
            builder.classDevice(other + "/scsi_disk/0:0:1:0", "scsi_disk", Map.of("cache_type", "write through"))
                    .classDevice(other + "/block/sdb", "block", Map.of());
            shutdown(other, Settings.NONE, Verb.POWEROFF);

            assertThat(done()).containsExactly("UNBIND 0:0:1:0");
        }

        @Test
        void onNewKernelsTheReadOnlySummaryIsNotWritten() throws IOException {
            String other = builder.device("/devices/host0", "0:0:1:0", "scsi", "sd");
            builder.classDevice(
                    other + "/scsi_disk/0:0:1:0",
                    "scsi_disk",
                    Map.of("manage_start_stop", "1", "manage_system_start_stop", "1", "manage_shutdown", "1"));
            shutdown(other, Settings.NONE, Verb.POWEROFF);

            Device scsiDisk =
                    builder.build().tree().find(other + "/scsi_disk/0:0:1:0").orElseThrow();
            assertThat(kernel.attributes().read(scsiDisk, "manage_start_stop")).contains("1");
            assertThat(kernel.attributes().read(scsiDisk, "manage_system_start_stop"))
                    .contains("0");
            assertThat(kernel.attributes().read(scsiDisk, "manage_shutdown")).contains("0");
            assertThat(done()).containsExactly("UNBIND 0:0:1:0", "STOP 0:0:1:0");
        }
    }

    @Test
    void anyDriverCanBeUnbound() throws IOException {
        String device = builder.device("/devices", "x.0", "platform", "x");
        shutdown(device, unbind(), Verb.REBOOT);

        assertThat(done()).containsExactly("UNBIND x.0");
    }

    @Test
    void whatCarriesADiskInUseIsNotUnbound() {
        String device = builder.device("/devices", "virtio0", "virtio", "virtio_blk");
        builder.classDevice(device + "/block/vda", "block", Map.of());
        builder.inUse(device, "mounted on /");

        assertThatThrownBy(() -> shutdown(device, unbind(), Verb.REBOOT)).isInstanceOf(DeviceInUseException.class);
        assertThat(done()).isEmpty();
    }

    private static Settings unbind() {
        return Say.settings(Settings.Method.UNBIND);
    }

    private static Settings flush(Settings.Flush flush) {
        return Say.settings(flush);
    }

    private static Settings stop(Settings.Stop stop) {
        return Say.settings(stop);
    }
}
