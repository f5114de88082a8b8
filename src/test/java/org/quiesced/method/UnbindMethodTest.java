// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.shutdown.Verb;

/** Steps of the method that only unbinds a driver. */
class UnbindMethodTest {
    private static final Settings UNBIND = Configs.settings(Settings.Method.UNBIND);

    private final MethodRun run = new MethodRun();

    @Test
    void anyDriverCanBeUnbound() throws IOException {
        String device = run.builder.device("/devices", "x.0", "platform", "x");

        assertThat(run.shutdown(device, UNBIND, Verb.REBOOT)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND x.0");
    }

    @Test
    void unknownDriverIsNotStuckBeforeTenMinutes() throws IOException {
        String device = run.builder.device("/devices", "x.0", "platform", "x");

        run.shutdown(device, UNBIND, Verb.REBOOT);
        assertThat(run.removal).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void configuredTimeoutDecidesWhenADriverIsStuck() throws IOException {
        String device = run.builder.device("/devices", "x.0", "platform", "x");
        Settings.Timeout known = new Settings.Timeout(Optional.of(Duration.ofMinutes(2)));

        run.shutdown(device, Configs.settings(Settings.Method.UNBIND, known), Verb.REBOOT);
        assertThat(run.removal).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void scsiDiskIsUnboundAndStoppedWithoutSynchronization() throws IOException {
        String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

        assertThat(run.method(disk, UNBIND).steps(run.target(disk, UNBIND), Verb.POWEROFF))
                .extracting(Step::describe)
                .containsExactly("unbind sd", "stop sda");
        assertThat(run.shutdown(disk, UNBIND, Verb.POWEROFF)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND 0:0:0:0", "STOP 0:0:0:0");
    }

    @Test
    void scsiDiskIsNotStoppedAtReboot() throws IOException {
        String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

        run.shutdown(disk, UNBIND, Verb.REBOOT);
        assertThat(run.done()).containsExactly("UNBIND 0:0:0:0");
    }

    @Test
    void scsiDiskIsNotStoppedWithStopNever() throws IOException {
        String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

        run.shutdown(disk, Configs.settings(Settings.Method.UNBIND, Settings.Stop.NEVER), Verb.POWEROFF);
        assertThat(run.done()).containsExactly("UNBIND 0:0:0:0");
    }

    @Test
    void configuredFlushIsDone() throws IOException {
        String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

        run.shutdown(disk, Configs.settings(Settings.Method.UNBIND, Settings.Flush.ALWAYS), Verb.REBOOT);
        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }

    @Test
    void flushAutoCausesNoFlush() throws IOException {
        String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

        run.shutdown(disk, Configs.settings(Settings.Method.UNBIND, Settings.Flush.AUTO), Verb.REBOOT);
        assertThat(run.done()).containsExactly("UNBIND 0:0:0:0");
    }

    @Test
    void suspendedDiskIsNotWoken() {
        String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));
        run.builder.attribute(disk, "power/runtime_status", "suspended");

        assertThatThrownBy(() -> run.shutdown(disk, UNBIND, Verb.REBOOT)).isInstanceOf(UnreadyException.class);
        assertThat(run.done()).isEmpty();
    }

    @Test
    void nvmeControllerIsUnboundWithoutAFlushAndOnlyIfLive() throws IOException {
        String live = run.builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        String other = run.builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(1));
        run.builder.attribute(other + "/nvme/nvme1", "state", "resetting");

        assertThat(run.shutdown(live, UNBIND, Verb.REBOOT)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND 0000:01:00.0");
        assertThatThrownBy(() -> run.shutdown(other, UNBIND, Verb.REBOOT))
                .isInstanceOf(UnreadyException.class)
                .hasMessage("nvme1 is resetting, not live");
    }
}
