// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;

/** Each verb takes a built-in machine and a captured one in the same ways. */
class MachineArgumentTest {
    @TempDir
    private Path directory;

    private String captured() throws IOException {
        MachineBuilder builder = new MachineBuilder("small");
        builder.nvme("/devices/pci0000:00", "0000:01:00.0", Duration.ofSeconds(1));
        Path file = directory.resolve("machine.json");
        Files.writeString(file, MachineFile.of(builder.build()).toJson(true));
        return "--machine=" + file;
    }

    /** A verb whose argument is a device or a shutdown takes the machine as an option only. */
    @ParameterizedTest
    @ValueSource(strings = {"plan", "simulate", "time", "blame", "plot", "dot", "tree", "cat-config", "doctor"})
    void machineIsAnArgumentOrAnOption(String verb) throws IOException {
        for (String source : List.of("--machine=nvme-24", captured())) {
            String machine = source.substring("--machine=".length());
            Command byOption = Command.run(verb, source);

            assertThat(byOption.code()).isZero();
            assertThat(byOption.out()).isNotEmpty();
            assertThat(Command.run(verb, machine)).isEqualTo(byOption);
            Command both = Command.run(verb, machine, source);
            assertThat(both.code()).isEqualTo(1);
            assertThat(both.err()).contains("either " + machine + " or --machine, not both");
        }
    }
}
