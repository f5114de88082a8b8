// SPDX-License-Identifier: Apache-2.0

/**
 * The log of the daemon and of the command that stands in for it: to the journal, from the beginning of a shutdown on
 * to the kernel's log.
 */
package org.quiesced.log;
