// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.config.TimeSpan;
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
                                "set a longer deadline, or shutdown = \"parallel\" for more drives")
                        : Finding.ok(
                                "deadline",
                                plan.totals().nothingIsKnown()
                                        ? "the time that the drives need is unknown; the deadline is " + deadline
                                        : "the drives are expected to need " + TimeSpan.format(expected(plan)) + " of "
                                                + deadline));
        return findings;
    }

    /** Returns the expected shutdown time of the drives. */
    public static Duration expected(PlanJson plan) {
        return seconds(plan.totals().expected());
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
