// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.NvmeCommands.Identity;

class NvmeDataTest {
    private final ByteBuffer identity =
            ByteBuffer.allocate(NvmeData.IDENTITY_SIZE).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void identityIsRead() {
        identity.put(4, "S64DNX0T            ".getBytes(StandardCharsets.US_ASCII));
        identity.put(24, "Fast Drive 9000                         ".getBytes(StandardCharsets.US_ASCII));
        identity.putInt(88, 8_000_000);
        identity.put(525, (byte) 0x07);

        Identity read = NvmeData.identity(identity);

        assertThat(read.serial()).isEqualTo("S64DNX0T");
        assertThat(read.model()).isEqualTo("Fast Drive 9000");
        assertThat(read.volatileWriteCache()).isTrue();
        assertThat(read.shutdownTime()).contains(Duration.ofSeconds(8));
    }

    @Test
    void emptyIdentityHasNoShutdownTimeAndNoCache() {
        Identity read = NvmeData.identity(identity);

        assertThat(read.shutdownTime()).isEmpty();
        assertThat(read.volatileWriteCache()).isFalse();
    }

    @Test
    void shutdownLatencyIsUnsigned() {
        identity.putInt(88, -1);

        assertThat(NvmeData.identity(identity).shutdownTime()).contains(Duration.ofNanos(4_294_967_295_000L));
    }

    @Test
    void countersHave128Bits() {
        ByteBuffer log = ByteBuffer.allocate(NvmeData.HEALTH_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        log.putLong(112, 42);
        log.putLong(144, -1);
        log.putLong(152, 1);

        assertThat(NvmeData.health(log).powerCycles()).isEqualTo(BigInteger.valueOf(42));
        assertThat(NvmeData.health(log).unsafeShutdowns())
                .isEqualTo(BigInteger.ONE.shiftLeft(65).subtract(BigInteger.ONE));
    }

    @Test
    void statusIsDescribedInWords() {
        assertThat(NvmeData.statusText(0x0B)).isEqualTo("invalid namespace (status type 0h, code 0Bh)");
        assertThat(NvmeData.statusText(0x4281)).isEqualTo("media or data integrity error (status type 2h, code 81h)");
        assertThat(NvmeData.statusText(0x1F0)).isEqualTo("(status type 1h, code F0h)");
    }
}
