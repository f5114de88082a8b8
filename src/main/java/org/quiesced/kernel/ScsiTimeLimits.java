// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.time.Duration;
import java.util.Optional;

/** Time limits of the commands for a SCSI disk, from its attribute {@code timeout}, in seconds. */
public final class ScsiTimeLimits {
    /**
     * {@code SD_TIMEOUT} of {@code drivers/scsi/sd.h}, the limit of a request unless the attribute sets another one.
     */
    private static final Duration DEFAULT_REQUEST = Duration.ofSeconds(30);

    /**
     * Limit of START STOP UNIT. The driver waits {@code SD_TIMEOUT} and repeats the command; a disk that is just
     * spinning up may need longer than that once.
     */
    public static final Duration STOP = DEFAULT_REQUEST.multipliedBy(2);

    /** Upper bound of the limit of a request; a larger attribute counts as this. */
    private static final Duration LONGEST_REQUEST = Duration.ofHours(1);

    /** {@code SD_FLUSH_TIMEOUT_MULTIPLIER} of {@code drivers/scsi/sd.h}. */
    private static final int FLUSH_MULTIPLIER = 2;

    private ScsiTimeLimits() {}

    /**
     * Returns the limit of SYNCHRONIZE CACHE: twice the limit of a request ({@code sd_sync_cache} in {@code
     * drivers/scsi/sd.c}).
     *
     * @param timeout the disk's attribute; if it is absent or not a positive number, the default applies
     */
    public static Duration synchronizeCache(Optional<String> timeout) {
        return timeout.filter(text -> text.matches("[1-9]\\d*"))
                .map(ScsiTimeLimits::request)
                .orElse(DEFAULT_REQUEST)
                .multipliedBy(FLUSH_MULTIPLIER);
    }

    private static Duration request(String seconds) {
        // A number with more digits exceeds the upper bound, and may overflow a long.
        boolean isLong = seconds.length() > 9 || Long.parseLong(seconds) > LONGEST_REQUEST.toSeconds();
        return isLong ? LONGEST_REQUEST : Duration.ofSeconds(Long.parseLong(seconds));
    }
}
