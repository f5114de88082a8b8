// SPDX-License-Identifier: Apache-2.0

/**
 * What watches a shutdown: whether it is cancelled, whether a driver is stuck, whether it takes too long; and the end
 * by force.
 */
package org.quiesced.guard;
