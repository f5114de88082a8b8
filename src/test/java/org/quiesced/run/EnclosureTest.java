// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A SAS enclosure is a separate SCSI device with the driver {@code ses}, beside its disks. */
class EnclosureTest {
    private static final String ADAPTER = "0000:03:00.0";
    private static final String ENCLOSURE = "0:0:9:0";

    private final SteppedRun run = new SteppedRun();
    private final String adapter = run.builder.device("/devices/pci0000:00", ADAPTER, "pci", "par");

    EnclosureTest() {
        String host = run.builder.device(adapter, "host0", "scsi", "");
        run.builder.scsiDisk(host, "0:0:0:0", Duration.ofSeconds(6));
        run.builder.scsiDisk(host, "0:0:1:0", Duration.ofSeconds(6));
        String target = run.builder.device(host, "target0:0:9", "scsi", "");
        String enclosure = run.builder.device(target, ENCLOSURE, "scsi", "ses");
        run.builder.classDevice(enclosure + "/enclosure/" + ENCLOSURE, "enclosure", Map.of("components", "2"));
        run.builder.classDevice(
                enclosure + "/enclosure/" + ENCLOSURE + "/Slot 01", "enclosure", Map.of("type", "array device"));
    }

    @AfterEach
    void settle() {
        run.settle();
    }

    private List<String> stops() {
        return run.done().stream().filter(done -> done.startsWith("STOP")).toList();
    }

    @Test
    void enclosureIsLeftToTheKernelAndItsDisksGoDown() {
        Timeline timeline = run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});

        assertThat(stops()).containsExactlyInAnyOrder("STOP 0:0:0:0", "STOP 0:0:1:0");
        assertThat(timeline.took()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
        assertThat(run.whyLeft(ENCLOSURE)).isEqualTo(new Reason.NoMethod("ses"));
    }

    @Test
    void enclosureHoldsBackItsAdapter() {
        run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});

        assertThat(run.done()).doesNotContain("UNBIND " + ADAPTER);
        assertThat(run.whyLeft(ADAPTER).describe()).isEqualTo("held back by " + ENCLOSURE);
    }

    @Test
    void optedInEnclosureGoesDownBeforeItsAdapter() {
        Settings unbind = Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL);
        run.config = Configs.config(Mode.ON, Map.of("par", unbind, "ses", unbind), Map.of());

        run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});

        assertThat(run.done()).contains("UNBIND " + ENCLOSURE).endsWith("UNBIND " + ADAPTER);
    }
}
