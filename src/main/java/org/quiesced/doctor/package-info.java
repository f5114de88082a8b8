// SPDX-License-Identifier: Apache-2.0
/** Whether a machine is ready for a shutdown: checks that change nothing. */
package org.quiesced.doctor;
