// SPDX-License-Identifier: Apache-2.0

/** The one-shot command that takes the daemon's place at a shutdown, and {@code quiescectl run}. */
package org.quiesced.oneshot;
