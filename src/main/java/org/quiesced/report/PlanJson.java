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
    /**
     * One device.
     *
     * @param label its name, and that of its controller or disk
     * @param supported whether there is a method for it
     * @param waitsForLabel what it waits for, in a few words
     */
    public record Entry(
            String device,
            String path,
            String label,
            String driver,
            String disposition,
            boolean supported,
            Optional<String> method,
            List<String> steps,
            List<String> waitsFor,
            String waitsForLabel,
            String why,
            Optional<Double> latency) {}

    /**
     * Counts, and times.
     *
     * @param unknown how many of those that we shut down do not say how long they take
     * @param expected how long we will take
     * @param kernelAlone how long the kernel's walk over the same devices would take
     */
    public record Totals(long parallel, long serial, long kernel, long unknown, double expected, double kernelAlone) {}
}
