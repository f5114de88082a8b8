// SPDX-License-Identifier: Apache-2.0

/** The daemon's side of the protocol with the shutdown hook: its time limit, and the answers to it. */
package org.quiesced.hook;
