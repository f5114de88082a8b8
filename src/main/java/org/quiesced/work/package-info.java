// SPDX-License-Identifier: Apache-2.0

/** Worker threads, the mailbox that they report to, and the clock by which they are timed. */
package org.quiesced.work;
