// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.kernel.NvmeCommands.Health;
import org.quiesced.kernel.NvmeCommands.Identity;

/**
 * Decodes the data structures that an NVMe controller returns; offsets are those of the NVM Express Base Specification
 * 2.0.
 */
final class NvmeData {
    /** The size of the Identify Controller data structure, figure 275. */
    static final int IDENTITY_SIZE = 4096;
    /** The size of the SMART / Health Information log page, figure 207. */
    static final int HEALTH_SIZE = 512;

    private static final int SERIAL = 4;
    private static final int SERIAL_LENGTH = 20;
    private static final int MODEL = 24;
    private static final int MODEL_LENGTH = 40;
    /** Offset of RTD3 Entry Latency, in microseconds; 0 means not reported. */
    private static final int RTD3E = 88;

    private static final int VWC = 525;
    private static final int POWER_CYCLES = 112;
    private static final int UNSAFE_SHUTDOWNS = 144;

    /** The generic command status values, figure 94, that are likely here. */
    private static final Map<Integer, String> GENERIC = Map.of(
            0x01, "invalid command opcode",
            0x02, "invalid field in command",
            0x04, "data transfer error",
            0x05, "aborted for loss of power",
            0x06, "internal error",
            0x07, "aborted by request",
            0x0B, "invalid namespace",
            0x20, "namespace is write protected",
            0x82, "namespace not ready");

    private NvmeData() {}

    static Identity identity(ByteBuffer data) {
        long microseconds = Integer.toUnsignedLong(data.getInt(RTD3E));
        return new Identity(
                text(data, SERIAL, SERIAL_LENGTH),
                text(data, MODEL, MODEL_LENGTH),
                (data.get(VWC) & 1) != 0,
                microseconds == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(microseconds * 1_000)));
    }

    static Health health(ByteBuffer data) {
        return new Health(counter(data, POWER_CYCLES), counter(data, UNSAFE_SHUTDOWNS));
    }

    /**
     * Describes a completion's status field.
     *
     * @param status the status as the driver returns it: the status code in bits 7:0, its type in bits 10:8 (figure 92)
     */
    static String statusText(int status) {
        int type = status >> 8 & 7;
        int code = status & 0xFF;
        String words = type == 0 ? GENERIC.get(code) : type == 2 ? "media or data integrity error" : null;
        return (words == null ? "" : words + " ") + String.format("(status type %Xh, code %02Xh)", type, code);
    }

    private static String text(ByteBuffer data, int offset, int length) {
        byte[] bytes = new byte[length];
        data.get(offset, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    }

    /** Reads a 128-bit counter of the log. */
    private static BigInteger counter(ByteBuffer data, int offset) {
        byte[] bigEndian = new byte[16];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[bigEndian.length - 1 - i] = data.get(offset + i);
        }
        return new BigInteger(1, bigEndian);
    }
}
