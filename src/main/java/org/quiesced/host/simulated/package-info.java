// SPDX-License-Identifier: Apache-2.0

/** A simulated host. */
package org.quiesced.host.simulated;
