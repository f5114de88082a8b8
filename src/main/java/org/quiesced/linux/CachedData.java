// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;

/** The data of a file that only the page cache has. */
public final class CachedData {
    /** {@code SYNC_FILE_RANGE_WRITE_AND_WAIT} of {@code linux/fs.h}. */
    private static final int WRITE_AND_WAIT = 7;

    private CachedData() {}

    /**
     * Writes the data to the drive and waits for it, also for writes that were begun before. Does not flush the drive's
     * own cache. A stand-in has no data.
     *
     * @throws ErrnoException if that fails; with {@link ErrnoException#ESPIPE} for a file without a page cache
     */
    public static void write(NativeFile file) throws ErrnoException {
        try {
            Libc.sync_file_range(file.descriptor(), 0, 0, WRITE_AND_WAIT);
        } catch (LastErrorException e) {
            if (!file.isStandIn() || e.getErrorCode() != ErrnoException.ESPIPE) {
                throw new ErrnoException(file.path(), e.getErrorCode());
            }
        }
    }
}
