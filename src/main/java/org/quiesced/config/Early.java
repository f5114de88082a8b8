// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

/** Values of {@code early}: which drives are shut down while the rest of the system stops. */
public enum Early {
    /**
     * Drives whose visible exclusive user (a mounted file system, swap, md, device-mapper) was observed to release them
     * in this shutdown.
     */
    RELEASED,
    /** All drives without a visible user. */
    FREE,
    /** No drive. */
    NEVER
}
