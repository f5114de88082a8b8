// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StartStopPageTest {
    /** The dates of manufacture and accounting, the specified cycles, and the accumulated ones: 0x101. */
    private static final String PAGE = "0e00 0022"
            + "0001 01 06 323032343031"
            + "0002 01 06 202020202020"
            + "0003 03 04 0000c350"
            + "0004 03 04 00000101";

    private static byte[] bytes(String hex) {
        return Arrays.copyOf(HexFormat.of().parseHex(hex.replace(" ", "")), StartStopPage.SIZE);
    }

    @Test
    void theAccumulatedCyclesAreFoundAmongTheOthers() {
        assertThat(StartStopPage.cycles(bytes(PAGE.replace("0022", "0024")))).contains(BigInteger.valueOf(257));
    }

    @Test
    void allBitsOfTheCounterCount() {
        assertThat(StartStopPage.cycles(bytes("0e00 0008 0004 03 04 ffffffff")))
                .contains(BigInteger.valueOf(0xFFFFFFFFL));
    }

    @Test
    void aPageWithoutThemSaysNothing() {
        assertThat(StartStopPage.cycles(bytes("0e00 0008 0003 03 04 0000c350"))).isEmpty();
    }

    @Test
    void whatStandsBehindTheEndOfThePageIsNoPartOfIt() {
        assertThat(StartStopPage.cycles(bytes("0e00 0000 0004 03 04 00000101"))).isEmpty();
        assertThat(StartStopPage.cycles(bytes("0e00 0006 0004 03 04 00000101"))).isEmpty();
    }

    @Test
    void anotherPageSaysNothing() {
        assertThat(StartStopPage.cycles(bytes("0d00 0008 0004 03 04 00000101"))).isEmpty();
        assertThat(StartStopPage.cycles(new byte[2])).isEmpty();
        assertThat(StartStopPage.cycles(new byte[StartStopPage.SIZE])).isEmpty();
    }

    @Test
    void aParameterThatIsLongerThanThePageIsPassedOver() {
        assertThat(StartStopPage.cycles(bytes("0e00 ffff 0001 01 ff 00"))).isEmpty();
    }
}
