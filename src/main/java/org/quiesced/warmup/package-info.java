// SPDX-License-Identifier: Apache-2.0

/** The kernel that the daemon's warm-up runs on: the code of the real one, on files in memory. */
package org.quiesced.warmup;
