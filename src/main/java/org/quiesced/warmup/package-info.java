// SPDX-License-Identifier: Apache-2.0

/** The kernel of the daemon's warm-up: the adapters of the real one, on files in memory. */
package org.quiesced.warmup;
