// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.time.Duration;
import java.util.Optional;

/** How long the commands for a SCSI disk may take, as its attribute {@code timeout} says, in seconds. */
public final class ScsiTimeLimits {
    /** {@code SD_TIMEOUT} of {@code drivers/scsi/sd.h}, which a disk has unless its attribute says otherwise. */
    private static final Duration DEFAULT_REQUEST = Duration.ofSeconds(30);

    /** The longest limit of a request that is believed. */
    private static final Duration LONGEST_REQUEST = Duration.ofHours(1);

    /** {@code SD_FLUSH_TIMEOUT_MULTIPLIER} of {@code drivers/scsi/sd.h}. */
    private static final int FLUSH_MULTIPLIER = 2;

    private ScsiTimeLimits() {}

    /**
     * Returns how long SYNCHRONIZE CACHE may take: twice the limit of a request ({@code sd_sync_cache} in {@code drivers/scsi/sd.c}).
     *
     * @param timeout the disk's attribute; if it is absent or no positive number, the default counts
     */
    public static Duration synchronizeCache(Optional<String> timeout) {
        return timeout.filter(text -> text.matches("[1-9]\\d*"))
                .map(ScsiTimeLimits::request)
                .orElse(DEFAULT_REQUEST)
                .multipliedBy(FLUSH_MULTIPLIER);
    }

    private static Duration request(String seconds) {
        // More digits than these are more than the longest limit, and may be more than a long.
        boolean isLong = seconds.length() > 9 || Long.parseLong(seconds) > LONGEST_REQUEST.toSeconds();
        return isLong ? LONGEST_REQUEST : Duration.ofSeconds(Long.parseLong(seconds));
    }
}
