// SPDX-License-Identifier: Apache-2.0
/**
 * The record of a shutdown: what is written of it while the machine goes down, what carries the rest over the restart,
 * and how both are put together when the machine is up again.
 */
package org.quiesced.history;
