// SPDX-License-Identifier: Apache-2.0
/** Checks whether a machine is ready for a shutdown. No check changes anything. */
package org.quiesced.doctor;
