// SPDX-License-Identifier: Apache-2.0

/** Rules that hold for every run on a simulated machine, and the extension that checks them after each test. */
package org.quiesced.invariants;
