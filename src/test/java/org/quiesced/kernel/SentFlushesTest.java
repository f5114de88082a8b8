// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;

class SentFlushesTest {
    private static final Device DISK = new Device("/a/nvme0n1", "block", false, Optional.empty(), Map.of());
    private static final Device OTHER = new Device("/a/nvme1n1", "block", false, Optional.empty(), Map.of());

    private final SentFlushes sent = new SentFlushes();

    @Test
    void aFlushIsBegunBeforeItIsSentAndEndsWhenItIsCompleted() throws IOException {
        sent.send(DISK, () -> {
            assertThat(sent.begun(DISK)).isEqualTo(1);
            assertThat(sent.ended(DISK)).isZero();
        });

        assertThat(sent.ended(DISK)).isEqualTo(1);
        assertThat(sent.begun(OTHER)).isZero();
    }

    @Test
    void aFlushThatFailsWasSentAllTheSame() {
        assertThatThrownBy(() -> sent.send(DISK, () -> {
                    throw new IOException("no path");
                }))
                .hasMessage("no path");

        assertThat(sent.begun(DISK)).isEqualTo(1);
        assertThat(sent.ended(DISK)).isEqualTo(1);
    }
}
