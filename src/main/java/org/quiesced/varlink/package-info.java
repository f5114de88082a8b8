// SPDX-License-Identifier: Apache-2.0

/** The Varlink protocol on a stream: calls, answers, errors, and their limits. Independent of any interface. */
package org.quiesced.varlink;
