// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.Verb;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Rehearsal;

/**
 * What is ready at a moment: all that a shutdown needs, and what is told of it until then. Immutable; a newer one replaces it whole.
 *
 * @param config the configuration in force
 * @param ready the plan that a shutdown carries out; it takes each disk for free until it is tried
 * @param seen the plan as it would be if the shutdown came now, by what can be seen of the disks' users without opening them
 * @param latencies how long devices say that they take
 */
record Standing(Config config, Plan ready, Plan seen, Map<Device, Duration> latencies) implements Latencies {
    Standing {
        latencies = Map.copyOf(latencies);
    }

    @Override
    public Optional<Duration> of(Device device) {
        return Optional.ofNullable(latencies.get(device));
    }

    /** Returns the state in a line, for example {@code 24 parallel, 2 in use, 3 left to the kernel; 4.60 s expected}. */
    String summary() {
        if (config.mode() == Mode.OFF) {
            return "mode is off, everything is left to the kernel";
        }
        long parallel = seen.count(Lane.PARALLEL);
        long serial = seen.count(Lane.SERIAL);
        StringBuilder line = new StringBuilder();
        line.append(parallel).append(" parallel, ");
        if (serial > 0) {
            line.append(serial).append(" one by one, ");
        }
        line.append(left(true)).append(" in use, ").append(left(false)).append(" left to the kernel");
        if (parallel + serial > 0) {
            line.append(expectation());
        }
        return line.toString();
    }

    private String expectation() {
        long known = seen.driven().stream()
                .filter(device -> seen.handles(device) && of(device).isPresent())
                .count();
        if (known == 0) {
            return "";
        }
        Duration expected =
                Rehearsal.of(seen, this, Verb.REBOOT, config.deadline()).took();
        boolean complete = known == seen.count(Lane.PARALLEL) + seen.count(Lane.SERIAL);
        return String.format(Locale.ROOT, "; %s%.1f s expected", complete ? "" : "at least ", expected.toNanos() / 1e9);
    }

    /** Counts what is left to the kernel, but for what we have no method for: that there are bridges is no news. */
    private long left(boolean inUse) {
        return seen.dispositions().stream().filter(d -> isLeft(d, inUse)).count();
    }

    private static boolean isLeft(Disposition disposition, boolean inUse) {
        return disposition instanceof LeftToKernel left
                && !(left.reason() instanceof Reason.NoMethod)
                && left.reason() instanceof Reason.InUse == inUse;
    }
}
