// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import org.quiesced.host.Exitrd;
import org.quiesced.plan.RootDrives;
import org.quiesced.snapshot.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Withdraws an exitrd whose unmounting of the root file system would take longer than the root drives' going down
 * beside the others saves: with it, the shutdown would take longer than without this program.
 */
final class LongUnmounting {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private LongUnmounting() {}

    /**
     * Withdraws the exitrd if its unmounting would take too long.
     *
     * @param exitrd an exitrd that follows
     * @return whether it is withdrawn
     */
    static boolean isAvoided(Exitrd exitrd, Snapshot now) {
        Duration unmounting = exitrd.unmounting();
        if (unmounting.compareTo(RootDrives.patience(now.seen(), now.latencies())) <= 0 || !exitrd.withdraw()) {
            return false;
        }
        LOG.info(
                "the exitrd is not used: to unmount the root file system, of which much is cached, would take some {} ms",
                unmounting.toMillis());
        return true;
    }
}
