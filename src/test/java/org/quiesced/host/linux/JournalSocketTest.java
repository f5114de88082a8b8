// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.KernelLog.Priority;

/** Messages in the native format of the journal. */
class JournalSocketTest {
    private static String encode(String message) {
        return new String(
                JournalSocket.encode(Priority.WARNING, message, Map.of("QUIESCED_DEVICE", "nvme0")),
                StandardCharsets.ISO_8859_1);
    }

    @Test
    void singleLineFieldIsWrittenAsALine() {
        assertThat(encode("something"))
                .isEqualTo("MESSAGE=something\nPRIORITY=4\nSYSLOG_IDENTIFIER=quiesced\nQUIESCED_DEVICE=nvme0\n");
    }

    @Test
    void multiLineValueIsPrecededByItsLength() {
        assertThat(encode("a\nb")).startsWith("MESSAGE\n\u0003\0\0\0\0\0\0\0a\nb\nPRIORITY=4\n");
    }

    @Test
    void writeFailsWithoutAJournal(@TempDir Path directory) {
        JournalSocket journal = new JournalSocket(directory.resolve("none").toString());

        assertThat(journal.write(Priority.INFO, "something", Map.of())).isFalse();
    }
}
