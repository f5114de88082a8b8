// SPDX-License-Identifier: Apache-2.0

/** How long a plan will take, and how long the kernel's own walk would. */
package org.quiesced.estimate;
