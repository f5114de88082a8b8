// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.device.Device;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** The kernel parameter core.async_shutdown, in a directory in place of /sys and in a simulated kernel. */
class WalkModeTest {
    @TempDir
    private Path sys;

    private Drivers drivers() {
        return LinuxKernel.onFiles(sys, sys, sys, sys, TreeAttributes.NONE).drivers();
    }

    private Path parameter() throws IOException {
        return Files.createDirectories(sys.resolve("module/core/parameters")).resolve("async_shutdown");
    }

    @ParameterizedTest
    @CsvSource({"Y, ASYNCHRONOUS", "y, ASYNCHRONOUS", "1, ASYNCHRONOUS", "N, SERIAL", "0, SERIAL", "maybe, SERIAL"})
    void parameterIsReadAsAFlag(String value, WalkMode expected) throws IOException {
        Files.writeString(parameter(), value + "\n");
        SimulatedKernel simulated = new SimulatedKernel(new MachineBuilder("flag")
                .parameter("core", "async_shutdown", value)
                .build());

        assertThat(WalkMode.of(drivers())).isEqualTo(expected);
        assertThat(WalkMode.of(simulated.drivers())).isEqualTo(expected);
        assertThat(WalkMode.shown(drivers())).contains(value);
    }

    @Test
    void kernelWithoutTheParameterWalksSerially() {
        assertThat(WalkMode.of(drivers())).isEqualTo(WalkMode.SERIAL);
        assertThat(WalkMode.shown(drivers())).isEmpty();
        assertThat(WalkMode.of(new SimulatedKernel(new MachineBuilder("stock").build()).drivers()))
                .isEqualTo(WalkMode.SERIAL);
    }

    @Test
    void unreadableParameterCountsAsAbsent() throws IOException {
        Files.createDirectories(parameter());

        assertThat(WalkMode.of(drivers())).isEqualTo(WalkMode.SERIAL);
    }

    @Test
    void emptyParameterCountsAsOff() throws IOException {
        Files.createFile(parameter());

        assertThat(WalkMode.of(drivers())).isEqualTo(WalkMode.SERIAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pci", "scsi", "scsi_host", "scsi_device"})
    void pciAndScsiDevicesAreMarkedForTheParallelWalk(String subsystem) {
        Device device = new Device("/devices/one", subsystem, false, Optional.empty(), Map.of());

        assertThat(WalkMode.ASYNCHRONOUS.isParallelFor(device)).isTrue();
        assertThat(WalkMode.SERIAL.isParallelFor(device)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "block", "platform", "usb", "pci_express", "scsi_disk"})
    void otherDevicesAreNotMarkedForTheParallelWalk(String subsystem) {
        Device device = new Device("/devices/one", subsystem, false, Optional.empty(), Map.of());

        assertThat(WalkMode.ASYNCHRONOUS.isParallelFor(device)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void modesHaveDistinctWordsAndValues(WalkMode mode) throws IOException {
        Files.writeString(parameter(), mode.value() + "\n");

        assertThat(WalkMode.ofWord(mode.word())).contains(mode);
        assertThat(WalkMode.of(drivers())).isEqualTo(mode);
    }

    @Test
    void onlyWalkModeNamesTheParameter() throws IOException {
        List<String> found = new ArrayList<>();
        for (String place : List.of("src/main/java", "systemd", "packaging/bin", "packaging/exitrd")) {
            if (Files.isDirectory(Path.of(place))) {
                try (Stream<Path> files = Files.walk(Path.of(place))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        String text = Files.readString(file);
                        if (text.contains("\"async_shutdown\"") || text.contains("parameters/async_shutdown")) {
                            found.add(file.getFileName().toString());
                        }
                    }
                }
            }
        }
        assertThat(found).containsExactly("WalkMode.java");
        assertThat(Drivers.class.getMethods())
                .as("parameters can be read, and not written")
                .filteredOn(method -> method.getName().toLowerCase().contains("parameter"))
                .hasSize(1);
    }
}
