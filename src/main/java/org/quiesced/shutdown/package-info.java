// SPDX-License-Identifier: Apache-2.0

/** The vocabulary of a shutdown: what the machine is about to do, and in which phase. */
package org.quiesced.shutdown;
