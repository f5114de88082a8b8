// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

/**
 * The JSON of a simulation.
 *
 * @param machine the name of the machine
 * @param run the outcomes of its devices
 * @param totals the time of the shutdown by quiesced and the kernel's walk over the rest, and that of the kernel's walk
 *     over all devices; in seconds
 */
public record SimulationJson(String machine, TimelineJson run, Comparison.Totals totals) {}
