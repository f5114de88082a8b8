// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Optional;

/**
 * A plan as JSON has it. Times are in seconds.
 *
 * @param verb what the machine is about to do
 * @param devices the devices that have a driver, in the order of their discovery
 * @param warnings what to look at
 * @param totals the sums
 */
public record PlanJson(String verb, List<Entry> devices, List<String> warnings, Totals totals) {
    /** One device. */
    public record Entry(
            String device,
            String path,
            String driver,
            String disposition,
            Optional<String> method,
            List<String> steps,
            List<String> waitsFor,
            String why,
            Optional<Double> latency) {}

    /** Counts, the expected time, and the time of the kernel's walk over the same devices. */
    public record Totals(long parallel, long serial, long kernel, double expected, double kernelAlone) {}
}
