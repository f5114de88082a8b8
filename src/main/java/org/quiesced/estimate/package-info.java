// SPDX-License-Identifier: Apache-2.0

/** Estimates the duration of a plan, and of the kernel's own walk. */
package org.quiesced.estimate;
