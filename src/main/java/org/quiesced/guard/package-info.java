// SPDX-License-Identifier: Apache-2.0

/**
 * Supervision of a shutdown: detects that it was cancelled, that a driver is stuck, or that it takes too long, and
 * brings the machine down by force.
 */
package org.quiesced.guard;
