// SPDX-License-Identifier: Apache-2.0

/** The daemon's state as of one time: the configuration, the device tree and the plan, and how they are read. */
package org.quiesced.snapshot;
