// SPDX-License-Identifier: Apache-2.0

/** The command that stands in for the daemon at a shutdown, and {@code quiescectl run}. */
package org.quiesced.oneshot;
