// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.Optional;
import org.quiesced.linux.ScsiGeneric.Result;

/**
 * The meaning of the answer to SYNCHRONIZE CACHE. {@code sd_sync_cache} in {@code drivers/scsi/sd.c} treats these
 * answers as success too:
 *
 * <table>
 * <caption>Answers that are no failure</caption>
 * <tr><th>answer</th><th>meaning</th><th>since</th></tr>
 * <tr><td>ASC 3Ah</td><td>medium not present</td><td>before 5.10</td></tr>
 * <tr><td>ASC 20h</td><td>invalid command</td><td>before 5.10</td></tr>
 * <tr><td>ASC 74h, ASCQ 71h</td><td>the drive is locked by a password</td><td>before 5.10</td></tr>
 * <tr><td>{@code DID_BAD_TARGET}, {@code DID_NO_CONNECT}</td><td>the transport has lost the disk</td><td>before
 * 5.10</td></tr>
 * <tr><td>sense key 5h (illegal request)</td><td>the disk does not support the command</td><td>6.7 and stable
 * kernels</td></tr>
 * <tr><td>ASC 04h, ASCQ 04h</td><td>format in progress</td><td>6.12 and stable kernels</td></tr>
 * </table>
 *
 * <p>Sense data is valid only with the status CHECK CONDITION. {@code sd} sends the command again after any other
 * answer, at most three times (since 6.9 three times more after the first), and reports {@code DID_BUS_BUSY},
 * {@code DID_IMM_RETRY}, {@code DID_REQUEUE} and {@code DID_SOFT_ERROR} as "busy". This class does not repeat a command
 * that ended by a time limit, an abort or a reset: each of these causes an error recovery, during which the whole host
 * adapter is stopped ({@code scsi_error.c}). A disk reports a pending UNIT ATTENTION once, in place of the command's
 * result, so it is never the last answer.
 *
 * <p>{@code SG_IO} on a block device repeats nothing: it sends the command once ({@code sg_io} in
 * {@code drivers/scsi/scsi_ioctl.c} allows no retry) and returns the answer.
 */
enum SyncCacheOutcome {
    /** The cache is written, or there is nothing to write. */
    DONE,
    /** The command may succeed if it is sent again. */
    AGAIN,
    /** The cache may not be written. */
    FAILED;

    /** The number of attempts of {@code sd}. */
    static final int ATTEMPTS = 3;

    /** Codes of {@code include/scsi/scsi_status.h}. */
    private static final int DID_NO_CONNECT = 0x01;

    private static final int DID_TIME_OUT = 0x03;
    private static final int DID_BAD_TARGET = 0x04;
    private static final int DID_ABORT = 0x05;
    private static final int DID_RESET = 0x08;

    /** {@code SAM_STAT_CHECK_CONDITION} of {@code include/scsi/scsi_proto.h}. */
    private static final int CHECK_CONDITION = 0x02;

    /** Returns the outcome for a result. */
    static SyncCacheOutcome of(Result result) {
        if (result.isGood()) {
            return DONE;
        }
        Optional<SenseData> sense =
                result.deviceStatus() == CHECK_CONDITION ? SenseData.of(result.sense()) : Optional.empty();
        if (sense.map(SyncCacheOutcome::isNothingToDo).orElse(false)) {
            return DONE;
        }
        return switch (result.transportStatus()) {
            case DID_NO_CONNECT, DID_BAD_TARGET -> DONE;
            case DID_TIME_OUT, DID_ABORT, DID_RESET -> FAILED;
            default -> AGAIN;
        };
    }

    private static boolean isNothingToDo(SenseData sense) {
        return sense.isMediumAbsent()
                || sense.asc() == 0x20
                || sense.asc() == 0x74 && sense.ascq() == 0x71
                || sense.asc() == 0x04 && sense.ascq() == 0x04
                || sense.key() == SenseData.ILLEGAL_REQUEST;
    }
}
