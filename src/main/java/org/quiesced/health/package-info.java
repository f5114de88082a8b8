// SPDX-License-Identifier: Apache-2.0
/**
 * Evaluation of a shutdown after boot: whether the drives were shut down cleanly according to their counters, their
 * usual times, and metrics for a monitoring system.
 */
package org.quiesced.health;
