// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.config.TimeSpan;
import org.quiesced.report.PlanJson;
import org.quiesced.report.ReasonJson;
import org.quiesced.report.ReasonType;

/** Whether the plan of a machine is one that ends well and in time. */
public final class PlanCheck {
    private static final String CHECK = "plan";

    private PlanCheck() {}

    /** Checks a plan against the deadline that it has. */
    public static List<Finding> of(PlanJson plan, Duration deadline) {
        List<Finding> findings = new ArrayList<>();
        long off = plan.devices().stream()
                .filter(device -> device.reason().type() == ReasonType.MODE_OFF)
                .count();
        findings.add(
                off > 0
                        ? Finding.warning(CHECK, "mode is \"off\": the kernel does all", "set mode = \"safe\"")
                        : Finding.ok(CHECK, plan.summary()));
        for (ReasonJson warning : plan.warnings()) {
            findings.add(Finding.warning("cycle", warning.warning(), "none: these devices are left to the kernel"));
        }
        Duration expected = expected(plan);
        // The estimate ends at the deadline.
        findings.add(
                expected.compareTo(deadline) >= 0
                        ? Finding.warning(
                                "deadline",
                                "the drives need more than the deadline, " + TimeSpan.format(deadline)
                                        + ", unless they go down early; the rest is left to the kernel",
                                "set a longer deadline, or shutdown = \"parallel\" for more drives")
                        : Finding.ok(
                                "deadline",
                                "the drives are expected to need " + TimeSpan.format(expected) + " of "
                                        + TimeSpan.format(deadline)));
        return findings;
    }

    /** Returns how long the shutdown of the drives is expected to take. */
    public static Duration expected(PlanJson plan) {
        return Duration.ofNanos(Math.round(plan.totals().expected() * 1e9));
    }
}
