// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SCSI sense data, the reason of a command's result.
 *
 * @param key the sense key (SPC-5, table 49)
 * @param asc the additional sense code (SPC-5, annex F)
 * @param ascq its qualifier
 */
record SenseData(int key, int asc, int ascq) {
    /** The sense key of a command that the device does not support. */
    static final int ILLEGAL_REQUEST = 0x05;

    /** The sense key for an event of the device that is unrelated to the command. */
    static final int UNIT_ATTENTION = 0x06;

    private static final List<String> KEYS = List.of(
            "no sense",
            "recovered error",
            "not ready",
            "medium error",
            "hardware error",
            "illegal request",
            "unit attention",
            "data protect",
            "blank check",
            "vendor specific",
            "copy aborted",
            "aborted command",
            "reserved",
            "volume overflow",
            "miscompare",
            "completed");

    /** Likely answers to the two commands that are sent, by ASC and ASCQ. */
    private static final Map<Integer, String> CODES = Map.ofEntries(
            Map.entry(0x0400, "logical unit not ready, cause not reportable"),
            Map.entry(0x0401, "logical unit is in process of becoming ready"),
            Map.entry(0x0402, "initializing command required"),
            Map.entry(0x0403, "manual intervention required"),
            Map.entry(0x0404, "format in progress"),
            Map.entry(0x0411, "notify (enable spinup) required"),
            Map.entry(0x0C00, "write error"),
            Map.entry(0x0C02, "write error, auto reallocation failed"),
            Map.entry(0x1100, "unrecovered read error"),
            Map.entry(0x2000, "invalid command operation code"),
            Map.entry(0x2400, "invalid field in CDB"),
            Map.entry(0x2500, "logical unit not supported"),
            Map.entry(0x2700, "write protected"),
            Map.entry(0x2900, "power on, reset, or bus device reset occurred"),
            Map.entry(0x3A00, "medium not present"),
            Map.entry(0x4400, "internal target failure"),
            Map.entry(0x7471, "logical unit access not authorized"),
            Map.entry(0x5D00, "failure prediction threshold exceeded"));

    /** Decodes sense data in the fixed format (SPC-5, section 4.4.3) or the descriptor format (section 4.4.2). */
    static Optional<SenseData> of(byte[] data) {
        if (data.length < 4) {
            return Optional.empty();
        }
        return switch (data[0] & 0x7F) {
            case 0x70, 0x71 -> Optional.of(new SenseData(data[2] & 0x0F, byteAt(data, 12), byteAt(data, 13)));
            case 0x72, 0x73 -> Optional.of(new SenseData(data[1] & 0x0F, data[2] & 0xFF, data[3] & 0xFF));
            default -> Optional.empty();
        };
    }

    private static int byteAt(byte[] data, int index) {
        return index < data.length ? data[index] & 0xFF : 0;
    }

    /** Returns whether the device does not support the command. */
    boolean isInvalidOpcode() {
        return key == ILLEGAL_REQUEST && asc == 0x20 && ascq == 0x00;
    }

    /** Returns whether the device reports an event in place of the command's result. */
    boolean isUnitAttention() {
        return key == UNIT_ATTENTION;
    }

    /** Returns whether there is no medium in the drive. */
    boolean isMediumAbsent() {
        return asc == 0x3A;
    }

    /** Describes the sense data in words, with its numbers. */
    String describe() {
        String code = CODES.get(asc << 8 | ascq);
        return KEYS.get(key)
                + (code == null ? "" : ", " + code)
                + String.format(" (sense key %Xh, ASC %02Xh, ASCQ %02Xh)", key, asc, ascq);
    }
}
