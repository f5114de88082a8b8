// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;

class SentFlushesTest {
    private static final Device DISK = new Device("/a/nvme0n1", "block", false, Optional.empty(), Map.of());
    private static final Device OTHER = new Device("/a/nvme1n1", "block", false, Optional.empty(), Map.of());

    private final SentFlushes sent = new SentFlushes();

    @Test
    void flushIsInFlightBetweenItsBeginningAndItsEnd() {
        SentFlushes.Sending flush = sent.begin(DISK);
        assertThat(sent.begun(DISK)).isEqualTo(1);
        assertThat(sent.ended(DISK)).isZero();

        flush.close();
        assertThat(sent.ended(DISK)).isEqualTo(1);
    }

    @Test
    void namespacesAreCountedSeparately() {
        sent.begin(DISK);

        assertThat(sent.begun(OTHER)).isZero();
        assertThat(sent.ended(OTHER)).isZero();
    }
}
