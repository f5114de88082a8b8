// SPDX-License-Identifier: Apache-2.0
/** {@code quiesced}, the resident daemon: its life cycle, the two phases, and the control socket. */
package org.quiesced.daemon;
