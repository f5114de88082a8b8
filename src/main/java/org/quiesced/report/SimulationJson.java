// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Optional;

/**
 * The JSON of a simulation.
 *
 * @param machine the name of the machine
 * @param run the outcomes of its devices
 * @param totals the time of the shutdown by quiesced and the kernel's walk over the rest, and that of the kernel's walk
 *     over all devices; in seconds; null if no time is known
 * @param unknown number of devices whose times are unknown and not counted
 */
public record SimulationJson(String machine, TimelineJson run, Optional<Comparison.Totals> totals, int unknown) {}
