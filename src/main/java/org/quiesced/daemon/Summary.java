// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Locale;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.Verb;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Rehearsal;

/** A plan in a line. */
record Summary(Config config, Plan plan, Latencies latencies) {
    /** Returns the line, for example {@code 24 parallel, 2 in use, 3 left to the kernel; 4.6 s expected}. */
    String line() {
        if (config.mode() == Mode.OFF) {
            return "mode is off, everything is left to the kernel";
        }
        long parallel = plan.count(Lane.PARALLEL);
        long serial = plan.count(Lane.SERIAL);
        StringBuilder line = new StringBuilder();
        line.append(parallel).append(" parallel, ");
        if (serial > 0) {
            line.append(serial).append(" one by one, ");
        }
        line.append(left(true)).append(" in use, ").append(left(false)).append(" left to the kernel");
        if (parallel + serial > 0) {
            line.append(expectation(parallel + serial));
        }
        return line.toString();
    }

    private String expectation(long handled) {
        long known = plan.driven().stream()
                .filter(device -> plan.handles(device) && latencies.of(device).isPresent())
                .count();
        if (known == 0) {
            return "";
        }
        Duration expected =
                Rehearsal.of(plan, latencies, Verb.REBOOT, config.deadline()).took();
        return String.format(
                Locale.ROOT, "; %s%.1f s expected", known == handled ? "" : "at least ", expected.toNanos() / 1e9);
    }

    /** Counts what is left to the kernel, but for what we have no method for: that there are bridges is no news. */
    private long left(boolean inUse) {
        return plan.dispositions().stream().filter(d -> isLeft(d, inUse)).count();
    }

    private static boolean isLeft(Disposition disposition, boolean inUse) {
        return disposition instanceof LeftToKernel left
                && !(left.reason() instanceof Reason.NoMethod)
                && left.reason() instanceof Reason.InUse == inUse;
    }
}
