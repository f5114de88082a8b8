// SPDX-License-Identifier: Apache-2.0

/** The verbs and phases of a shutdown. */
package org.quiesced.shutdown;
