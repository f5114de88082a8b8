// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Objects;

/**
 * A visible exclusive user of a disk: a mounted file system, swap, md, device-mapper.
 *
 * @param words the user, for example {@code mounted on /srv}
 * @param stays whether it still uses the disk when the machine goes down: the root file system does, a data file system is unmounted
 */
public record DiskUser(String words, boolean stays) {
    /** Checks that there are words. */
    public DiskUser {
        Objects.requireNonNull(words);
    }
}
