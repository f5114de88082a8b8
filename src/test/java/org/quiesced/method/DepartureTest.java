// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Settings;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;

/** A device whose driver is gone at its turn is down, unless it still has disks. */
class DepartureTest {
    private final MethodRun run = new MethodRun();
    private final String drive = run.builder.nvme("/devices/pci", "0000:05:00.0", Duration.ofSeconds(3));

    private boolean isOver(Fault fault) throws IOException {
        run.builder.fault(drive, fault);
        return Departure.isOver(run.target(drive, Settings.NONE).device(), run.prepare(), run);
    }

    @Test
    void diskThatVanishedWithItsAdapterIsOver() throws IOException {
        String adapter = run.builder.device("/devices/pci", "0000:03:00.0", "pci", "ahci");
        String disk = run.builder.scsiDisk(adapter + "/ata1/host1", "1:0:0:0", Duration.ofSeconds(1));
        run.builder.fault(adapter, Fault.VANISHES).fault(disk, Fault.VANISHES);

        assertThat(Departure.isOver(run.target(disk, Settings.NONE).device(), run.prepare(), run))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void vanishedDeviceIsDown(String method) throws IOException {
        String path = run.device(method);
        run.builder.fault(path, Fault.VANISHES);

        assertThat(run.shutdown(method, path)).isEqualTo(new Ending.Down());
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceBeingUnboundIsAwaitedAndDown(String method) throws IOException {
        String path = run.device(method);
        run.builder.fault(path, Fault.BEING_UNBOUND);

        assertThat(run.shutdown(method, path)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("AWAIT " + path.substring(path.lastIndexOf('/') + 1));
        assertThat(run.kernel.log().operations().get(0).to()).isEqualTo(3_000_000_000L);
        assertThat(run.joined).as("a foreign unbind is joined").isTrue();
    }

    @Test
    void deviceWithDisksIsNotOver() throws IOException {
        assertThat(isOver(Fault.BOUND_AGAIN)).isFalse();
    }

    @Test
    void deviceWithAnotherDriverIsNotOver() {
        assertThatThrownBy(() -> isOver(Fault.OTHER_DRIVER))
                .isInstanceOf(OtherDriverException.class)
                .hasMessage("0000:05:00.0: its driver is now vfio-pci");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void deviceThatWasGivenUpIsNotAwaited() {
        run.acts = 0;

        assertThatThrownBy(() -> isOver(Fault.BEING_UNBOUND)).isInstanceOf(GivenUpException.class);
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Verb.class,
            names = {"REBOOT", "POWEROFF"})
    void deviceWithoutAControllerKeepsItsDriver(Verb verb) {
        String bareDrive = run.builder.device("/devices/pci", "0000:02:00.0", "pci", "nvme");
        String bareDisk = run.builder.device("/devices/host0", "0:0:9:0", "scsi", "sd");

        assertThatThrownBy(() -> run.shutdown(bareDrive, verb))
                .isInstanceOf(IOException.class)
                .hasMessage("0000:02:00.0: the driver shows no controller");
        assertThatThrownBy(() -> run.shutdown(bareDisk, verb))
                .isInstanceOf(IOException.class)
                .hasMessage("0:0:9:0: the driver shows no disk");
        assertThat(run.done()).isEmpty();
    }
}
