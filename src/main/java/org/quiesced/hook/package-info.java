// SPDX-License-Identifier: Apache-2.0

/** What the daemon and the shutdown hook have to do with each other: the request's limits, and the lines of the answer. */
package org.quiesced.hook;
