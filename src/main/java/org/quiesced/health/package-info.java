// SPDX-License-Identifier: Apache-2.0
/**
 * What is learned when the machine is up again: whether the drives were shut down cleanly, by their own account, how
 * long they usually take, and what a monitoring system is told of it.
 */
package org.quiesced.health;
