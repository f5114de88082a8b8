// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The Start-Stop Cycle Counter log page (SPC-5, section 7.3.21), as LOG SENSE returns it: a header of four bytes, with
 * the page's length in the last two, and parameters with a header of four bytes each.
 */
final class StartStopPage {
    static final int CODE = 0x0E;

    /** Size of the buffer for the page, in bytes; the page is shorter. */
    static final int SIZE = 252;

    /** LOG SENSE (SPC-5, section 6.8) for the cumulative values (PC = 01b). */
    static final byte[] COMMAND = {0x4D, 0, 0x40 | CODE, 0, 0, 0, 0, 0, (byte) SIZE, 0};

    private static final int CODE_BITS = 0x3F;
    private static final int HEADER = 4;
    private static final int ACCUMULATED_CYCLES = 0x0004;

    private StartStopPage() {}

    /** Returns the accumulated start-stop cycles; empty if the disk does not report them, or reports another page. */
    static Optional<BigInteger> cycles(byte[] bytes) {
        ByteBuffer data = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER || (data.get(0) & CODE_BITS) != CODE) {
            return Optional.empty();
        }
        int end = Math.min(bytes.length, HEADER + Short.toUnsignedInt(data.getShort(2)));
        int at = HEADER;
        while (at + HEADER <= end) {
            int length = Byte.toUnsignedInt(data.get(at + HEADER - 1));
            if (data.getShort(at) == ACCUMULATED_CYCLES && length == Integer.BYTES && at + HEADER + length <= end) {
                return Optional.of(BigInteger.valueOf(Integer.toUnsignedLong(data.getInt(at + HEADER))));
            }
            at += HEADER + length;
        }
        return Optional.empty();
    }
}
