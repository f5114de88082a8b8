// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.config.Config;
import org.quiesced.config.TimeSpan;
import org.quiesced.report.DispositionType;
import org.quiesced.report.PlanJson;
import org.quiesced.report.ReasonJson;
import org.quiesced.report.ReasonType;

/** Checks the plan of a machine for its mode, cycles and expected time. */
public final class PlanCheck {
    private static final String CHECK = "plan";

    private PlanCheck() {}

    /** Checks a plan against its deadline. */
    public static List<Finding> of(PlanJson plan) {
        List<Finding> findings = new ArrayList<>();
        long off = plan.devices().stream()
                .filter(device -> device.reason().type() == ReasonType.MODE_OFF)
                .count();
        findings.add(
                off > 0
                        ? Finding.warning(
                                CHECK, "mode is \"off\": the kernel shuts down all devices", "set mode = \"safe\"")
                        : Finding.ok(CHECK, plan.summary()));
        for (ReasonJson warning : plan.warnings()) {
            findings.add(Finding.warning("cycle", warning.warning(), "none: these devices are left to the kernel"));
        }
        String deadline = TimeSpan.format(seconds(plan.totals().deadline()));
        findings.add(
                plan.totals().exceedsDeadline()
                        ? Finding.warning(
                                "deadline",
                                "the drives need longer than the deadline, " + deadline
                                        + ", unless they are shut down early; the rest is left to the kernel",
                                remedy(plan))
                        : Finding.ok(
                                "deadline",
                                plan.totals().nothingIsKnown()
                                        ? "the time that the drives need is unknown; the deadline is " + deadline
                                        : "the drives are expected to need " + TimeSpan.format(expected(plan)) + " of "
                                                + deadline));
        return findings;
    }

    /** Returns the remedies that can help: a deadline has a maximum, and drives may all be shut down in parallel. */
    private static String remedy(PlanJson plan) {
        Duration longest = Config.LONGEST_DEADLINE;
        boolean isDeadlineTooShort = seconds(plan.totals().deadline()).compareTo(longest) < 0
                && least(plan).compareTo(longest) < 0;
        boolean isSerial = plan.totals().serial() > 0;
        String parallel = "shutdown = \"parallel\" for more drives";
        if (isDeadlineTooShort) {
            return "set a longer deadline" + (isSerial ? ", or " + parallel : "");
        }
        String limit = "no deadline can be longer than " + TimeSpan.format(longest);
        return isSerial ? "set " + parallel + ": " + limit : "none: " + limit;
    }

    /**
     * Returns the least time that the drives need, which the expected time of a plan does not show beyond the deadline:
     * that of the slowest one, and the sum of those that are shut down one by one.
     */
    private static Duration least(PlanJson plan) {
        double serial = 0;
        double slowest = 0;
        for (PlanJson.Entry entry : plan.devices()) {
            double time = entry.latency().orElse(0.0);
            serial += entry.disposition() == DispositionType.SERIAL ? time : 0;
            slowest = Math.max(slowest, entry.disposition() == DispositionType.PARALLEL ? time : 0);
        }
        return seconds(Math.max(serial, slowest));
    }

    /** Returns the expected shutdown time of the drives. */
    public static Duration expected(PlanJson plan) {
        return seconds(plan.totals().expected());
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
