// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;

/** Expected times come from a file that may be missing, invalid, or replaced at any time. */
class ExpectedTimesFileTest {
    private static final String GOOD = """
            {"format": "quiesced-expected-1",
             "drives": [{"model": "Simulated NVMe", "serial": "SIM1", "seconds": 1.5},
                        {"model": "Simulated NVMe", "serial": "SIM0", "seconds": "long"}],
             "models": [{"model": "Simulated NVMe", "seconds": 4}]}
            """;

    @TempDir
    private Path directory;

    private ExpectedTimesFile file;
    private DeviceTree tree;
    private Attributes attributes;

    @BeforeEach
    void prepare() {
        file = new ExpectedTimesFile(directory);
        MachineBuilder builder = new MachineBuilder("two");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);
        Machine machine = builder.build();
        tree = machine.tree();
        attributes = new SimulatedKernel(machine).attributes();
    }

    private void write(String text, int second) throws IOException {
        Path path = directory.resolve(ExpectedTimesFile.NAME);
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, FileTime.fromMillis(second * 1_000L));
    }

    @Test
    void driveHasItsOwnTimeOrThatOfItsModel() throws IOException {
        write(GOOD, 1);

        assertThat(file.get().of(tree, DriveTypes.SUPPORTED, attributes).values())
                .containsExactlyInAnyOrder(Duration.ofMillis(1_500), Duration.ofSeconds(4));
    }

    @Test
    void missingFileExpectsNothing() {
        assertThat(file.get()).isEqualTo(ExpectedTimes.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"format\": ",
                "{\"format\": \"quiesced-expected-2\", \"models\": [{\"model\": \"Simulated NVMe\", \"seconds\": 4}]}",
                "{\"format\": \"quiesced-expected-1\", \"models\": {\"model\": 4}, \"drives\": \"none\"}",
                "{\"format\": \"quiesced-expected-1\", \"models\": [{\"model\": \"Simulated NVMe\", \"seconds\": -1}]}",
                "{\"format\": \"quiesced-expected-1\", \"models\": [{\"model\": \"Simulated NVMe\", \"seconds\": 1e9}]}"
            })
    void invalidFileExpectsNothing(String text) throws IOException {
        write(text, 1);

        assertThat(file.get().of(tree, DriveTypes.SUPPORTED, attributes)).isEmpty();
    }

    @Test
    void replacedFileIsReadAgain() throws IOException {
        write("{", 1);
        assertThat(file.get()).isEqualTo(ExpectedTimes.NONE);
        write(GOOD, 2);
        assertThat(file.get().drives()).hasSize(1);
    }
}
