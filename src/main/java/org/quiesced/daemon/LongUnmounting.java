// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.quiesced.device.Device;
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
     * @param run the run that is under way
     * @return how long it would take if the exitrd is withdrawn; empty if it is used
     */
    static Optional<Duration> avoid(Exitrd exitrd, Snapshot now, Optional<ReportedRun> run) {
        Predicate<Device> isToCome =
                device -> run.map(each -> each.progress().isToCome(device)).orElse(true);
        Duration unmounting = exitrd.unmounting();
        return unmounting.compareTo(RootDrives.patience(now.seen(), now.latencies(), isToCome)) > 0 && exitrd.withdraw()
                ? Optional.of(unmounting)
                : Optional.empty();
    }

    /** Logs that an exitrd is withdrawn. To be called after the log of the shutdown has begun. */
    static void report(Duration unmounting) {
        LOG.info(
                "the exitrd is not used: to unmount the root file system, of which much is cached, would take some {} ms",
                unmounting.toMillis());
    }
}
