// SPDX-License-Identifier: Apache-2.0
/** A simulated machine for the planner and the runner, in virtual time and without root. */
package org.quiesced.kernel.simulated;
