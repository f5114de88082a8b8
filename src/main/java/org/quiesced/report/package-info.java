// SPDX-License-Identifier: Apache-2.0
/** Formats plans and timelines as text, as JSON, and as lines for the kernel's log. */
package org.quiesced.report;
