// SPDX-License-Identifier: Apache-2.0

/** The log of the daemon and of the one-shot command: the journal, or the kernel's log during a shutdown. */
package org.quiesced.log;
