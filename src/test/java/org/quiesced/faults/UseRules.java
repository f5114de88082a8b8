// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.quiesced.device.Device;

/** The rules of a trial that concern use: no device in use is touched, and users are looked for after the claim. */
final class UseRules {
    /** Maximum time from the beginning of a scan to a claim for which the scan is valid. */
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    /** Maximum time from the end of a scan to its use. */
    private static final long OLD = Duration.ofSeconds(10).toNanos();

    private static final Set<Site> READ_AFTER_LOOK = EnumSet.of(
            Site.LOOK,
            // Takes time only if there is data to write, which the counters show.
            Site.WRITE_BACK,
            Site.TRAFFIC,
            Site.READ,
            Site.WRITABLE,
            Site.WRITE,
            Site.MARK,
            Site.REGISTER,
            Site.IS_BOUND,
            Site.DEPENDENTS);

    private final RecordedRun run;
    private final DiskHistory disks;

    UseRules(RecordedRun run) {
        this.run = run;
        this.disks = run.kernel.disks();
    }

    void nothingInUseIsTouched(Call call, List<Call> task) {
        if (call.site == Site.WRITE) {
            return;
        }
        int looked = lookOf(call, task);
        if (call.site == Site.UNBIND && looked == Integer.MAX_VALUE) {
            run.complain("what is relied upon is seen after the claim", call);
        }
        for (Device below : run.stage.below(call.task).devices()) {
            boolean stays = disks.isUsedAt(below, call.begun) && !disks.hasVanished(below);
            if (stays && call.site != Site.FLUSH && call.site != Site.SYNC) {
                run.complain("nothing in use is touched", call, below + " has a user");
            }
            if (!below.isA("block")) {
                continue;
            }
            if (disks.mountedSince(below).filter(since -> since < call.begun).isPresent()
                    && !disks.hasVanished(below)) {
                run.complain("nothing in use is touched", call, below + " was mounted meanwhile");
            }
            int written = disks.writtenSince(below).orElse(Integer.MAX_VALUE);
            boolean wasToBeSeen = written < looked || hasMovedBetweenReadings(below, written, call, task);
            if (call.site == Site.UNBIND && wasToBeSeen && !disks.hasVanished(below)) {
                run.complain("nothing in use is touched", call, below + " was written to meanwhile");
            }
        }
    }

    /**
     * Returns the position at which the scan began that the worker relied on directly before a call: the first scan
     * that began at most one second before the worker's claim, and ended at most ten seconds before the worker asked
     * for the users of disks. {@link Integer#MAX_VALUE} if there is none.
     */
    private int lookOf(Call call, List<Call> task) {
        Call claim = task.stream()
                .filter(other -> other.strand == call.strand && other.begun <= call.begun)
                .reduce((one, other) -> other.site == Site.CLAIM ? other : one)
                .orElseThrow();
        Call before = lastBeforeLook(call, task);
        return run.kernel.calls().stream()
                .filter(look -> look.site == Site.LOOK
                        && look.succeeded
                        && look.ended < call.begun
                        && look.from >= claim.from - FRESH
                        && (look.to >= before.to - OLD || look.ended > before.ended))
                .mapToInt(look -> look.begun)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /**
     * Returns the last call of the same worker before it asked for the users of disks. The calls in {@link
     * #READ_AFTER_LOOK} follow that question and precede the removal of the driver.
     */
    private static Call lastBeforeLook(Call call, List<Call> task) {
        Call last = call;
        for (Call other : task) {
            boolean isEarlier = other.strand == call.strand && other.begun < call.begun;
            if (isEarlier && !READ_AFTER_LOOK.contains(other.site)) {
                last = other;
            }
        }
        return last;
    }

    private static boolean hasMovedBetweenReadings(Device disk, int moved, Call call, List<Call> task) {
        int first = Integer.MAX_VALUE;
        int lastReading = -1;
        for (Call other : task) {
            if (other.site == Site.TRAFFIC
                    && other.strand == call.strand
                    && other.device.equals(disk)
                    && other.begun < call.begun) {
                first = Math.min(first, other.ended);
                lastReading = other.ended;
            }
        }
        return first < moved && moved < lastReading;
    }
}
