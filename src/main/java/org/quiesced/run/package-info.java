// SPDX-License-Identifier: Apache-2.0
/** Carries a plan out: workers, the serial lane, timeouts and the deadline; and tells of it as a timeline of events. */
package org.quiesced.run;
