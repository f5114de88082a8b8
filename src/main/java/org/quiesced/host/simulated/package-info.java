// SPDX-License-Identifier: Apache-2.0

/** A host made of data. */
package org.quiesced.host.simulated;
