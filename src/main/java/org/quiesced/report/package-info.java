// SPDX-License-Identifier: Apache-2.0
/** Plans and timelines as text for people, as JSON for programs, and as lines for the kernel's log. */
package org.quiesced.report;
