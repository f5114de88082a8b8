// SPDX-License-Identifier: Apache-2.0

/** What must hold for every run on a simulated machine, and the extension that checks it after every test. */
package org.quiesced.invariants;
