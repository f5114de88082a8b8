// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

/** Values of {@code early}: which drives go down while the rest of the system still stops. */
public enum Early {
    /**
     * Those whose visible exclusive user (a mounted file system, swap, md, device-mapper) was seen to release them in
     * this shutdown.
     */
    RELEASED,
    /** All that nobody is seen to use. */
    FREE,
    /** None. */
    NEVER
}
