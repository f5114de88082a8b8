// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.time.Duration;

/** The exitrd of this shutdown, before systemd-shutdown(8) moves to it. Thread-safe. */
public interface Exitrd {
    /**
     * Returns how long the kernel is expected to take to unmount the root file system, which it does not do without an
     * exitrd: it frees all cached pages, directory entries and inodes. To be called once the other file systems are
     * unmounted, because the caches of all file systems count. Zero if unknown.
     */
    Duration unmounting();

    /**
     * Withdraws the exitrd: the hook that announced it removes it, and systemd-shutdown(8) does not move to it.
     *
     * @return whether it is withdrawn; one that was not made by {@code bin/exitrd}, but by dracut or finalrd, is not
     */
    boolean withdraw();
}
