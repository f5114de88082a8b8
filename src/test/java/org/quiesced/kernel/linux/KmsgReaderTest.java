// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.kernel.KernelMessages;

class KmsgReaderTest {
    @TempDir
    private Path dev;

    @Test
    void textOfARecordExcludesPrefixAndDeviceLines() {
        assertThat(KmsgReader.text("3,1500,93542271,-;nvme nvme0: Device not ready; aborting shutdown, CSTS=0x1\n"
                        + " SUBSYSTEM=nvme\n DEVICE=c241:0\n"))
                .isEqualTo("nvme nvme0: Device not ready; aborting shutdown, CSTS=0x1");
        assertThat(KmsgReader.text("6,1,2,-;x")).isEqualTo("x");
    }

    @Test
    void recordsBeforeTheMarkAreNotRead() throws IOException {
        Path log = Files.writeString(dev.resolve("kmsg"), "3,1,1,-;before\n");
        try (KernelMessages.Mark mark = new KmsgReader(dev).mark()) {
            Files.writeString(log, "3,2,2,-;after\n", StandardOpenOption.APPEND);

            assertThat(mark.lines()).containsExactly("after");
        }
    }

    @Test
    void unreadableLogHasNoLines() {
        try (KernelMessages.Mark mark = new KmsgReader(dev.resolve("nowhere")).mark()) {
            assertThat(mark.lines()).isEmpty();
        }
    }
}
