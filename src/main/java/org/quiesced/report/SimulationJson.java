// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

/**
 * A simulation as JSON has it.
 *
 * @param machine the machine's name
 * @param run what became of its devices
 * @param totals our shutdown, with the kernel's walk over the rest, against the kernel's walk over everything; in
 *     seconds
 */
public record SimulationJson(String machine, TimelineJson run, Comparison.Totals totals) {}
