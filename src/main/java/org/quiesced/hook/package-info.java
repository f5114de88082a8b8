// SPDX-License-Identifier: Apache-2.0

/** The contract between the daemon and the shutdown hook: the limits of the request, and the lines of the answer. */
package org.quiesced.hook;
