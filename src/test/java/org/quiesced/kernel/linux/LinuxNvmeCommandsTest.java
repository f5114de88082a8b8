// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;

/** NVMe commands, on {@code /dev/null} in place of a namespace. */
class LinuxNvmeCommandsTest {
    private static final Device NAMESPACE = new Device("/a/nvme0n1", "block", false, Optional.empty(), Map.of());

    @TempDir
    private Path dev;

    @BeforeEach
    void node() throws IOException {
        Files.createSymbolicLink(dev.resolve("nvme0n1"), Path.of("/dev/null"));
    }

    @Test
    void successfulFlushHasBegunAndEnded() throws IOException {
        LinuxNvmeCommands commands = new LinuxNvmeCommands(dev, NativeFile::openStandIn);

        commands.flush(NAMESPACE);

        assertThat(commands.sentFlushes().begun(NAMESPACE)).isEqualTo(1);
        assertThat(commands.sentFlushes().ended(NAMESPACE)).isEqualTo(1);
    }

    @Test
    void refusedFlushIsNotInFlight() {
        LinuxNvmeCommands commands = new LinuxNvmeCommands(dev, NativeFile::open);

        assertThatThrownBy(() -> commands.flush(NAMESPACE)).isInstanceOf(ErrnoException.class);

        assertThat(commands.sentFlushes().ended(NAMESPACE))
                .isEqualTo(commands.sentFlushes().begun(NAMESPACE));
    }
}
