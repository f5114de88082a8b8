// SPDX-License-Identifier: Apache-2.0
/** Executes a plan with workers, a serial lane, timeouts and a deadline. The result is a timeline of events. */
package org.quiesced.run;
