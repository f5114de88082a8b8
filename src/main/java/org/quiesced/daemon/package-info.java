// SPDX-License-Identifier: Apache-2.0
/** {@code quiesced}, the resident daemon: its life cycle, the two phases, the control socket; and the one-shot that stands in for it. */
package org.quiesced.daemon;
