// SPDX-License-Identifier: Apache-2.0
/**
 * A machine made of data, on which the same planner and runner work as on the real one, in virtual time and without
 * root.
 */
package org.quiesced.kernel.simulated;
