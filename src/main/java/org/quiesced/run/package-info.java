// SPDX-License-Identifier: Apache-2.0
/** Executes a plan, with workers, a serial lane, timeouts and a deadline, and reports it as a timeline of events. */
package org.quiesced.run;
