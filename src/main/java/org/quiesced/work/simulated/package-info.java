// SPDX-License-Identifier: Apache-2.0

/** Workers in virtual time. */
package org.quiesced.work.simulated;
