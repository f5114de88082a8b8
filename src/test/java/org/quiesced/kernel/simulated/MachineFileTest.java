// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineFileTest {
    @TempDir
    private Path directory;

    private static Machine machine() {
        MachineBuilder builder = new MachineBuilder("mine");
        String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(110));
        String other = builder.nvme("/devices/pci/wwn-0x5000c500a1b2c3d4", "0000:02:00.0", Duration.ofSeconds(4));
        builder.classDevice(
                "/devices/virtual/secret", "nvme", Map.of("serial", "ZX81SPECTRUM", "wwid", "eui.0025385b71b0a2f3"));
        return builder.link(other, drive, false)
                .inUse(drive, "mounted on /media/ZX81SPECTRUM-backup")
                .build();
    }

    @Test
    void whatIsWrittenCanBeRead() throws IOException {
        Path file = directory.resolve("machine.json");
        Files.writeString(file, MachineFile.of(machine()).toJson(true));
        Machine read = MachineFile.read(file);

        assertThat(read.tree().devices())
                .containsExactlyElementsOf(machine().tree().devices());
        assertThat(read.tree().devices().get(0).driver()).contains("nvme");
        assertThat(read.tree().devices().get(1).attributes())
                .isEqualTo(machine().tree().devices().get(1).attributes());
        assertThat(read.tree().links()).isEqualTo(machine().tree().links());
        assertThat(read.uses()).isEqualTo(machine().uses());
        assertThat(read.latencies()).isEqualTo(machine().latencies());
    }

    @Test
    void whatIdentifiesADriveIsMaskedWhereverItStands() {
        String text = MachineFile.of(Masking.of(machine())).toJson(true);

        assertThat(text)
                .doesNotContain("ZX81SPECTRUM")
                .doesNotContain("0025385b71b0a2f3")
                .doesNotContain("5000c500a1b2c3d4")
                .doesNotContain("SIM0")
                .contains("mounted on /media/serial-")
                .contains("wwn-1");
    }

    @Test
    void maskingChangesNothingElse() {
        Machine masked = Masking.of(machine());

        assertThat(masked.tree().devices()).hasSameSizeAs(machine().tree().devices());
        assertThat(masked.tree().links()).hasSize(1);
        assertThat(masked.uses()).hasSize(1);
        assertThat(masked.latencies()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{}",
                "{\"format\":\"quiesced-machine-9\"}",
                "{\"format\":\"quiesced-machine-1\",\"devices\":[{\"path\":\"relative\",\"bus\":\"pci\"}]}",
                "{\"format\":\"quiesced-machine-1\",\"devices\":[{\"path\":\"/devices/x\"}]}",
                "{\"format\":\"quiesced-machine-1\",\"nonsense\":1}"
            })
    void whatIsNoMachineIsAnErrorInOneLineThatNamesTheFile(String text) throws IOException {
        Path file = directory.resolve("bad.json");
        Files.writeString(file, text);

        assertThatThrownBy(() -> MachineFile.read(file))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith(file.toString())
                        .contains("not a captured machine")
                        .doesNotContain("\n"));
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> MachineFile.read(directory.resolve("none.json")))
                .hasMessage(directory.resolve("none.json") + ": No such file or directory");
    }
}
