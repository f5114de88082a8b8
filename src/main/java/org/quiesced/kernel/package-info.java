// SPDX-License-Identifier: Apache-2.0
/**
 * The port to the kernel: all operations on devices, as small interfaces. {@code kernel.linux} implements them for
 * Linux, {@code kernel.simulated} for simulated machines.
 */
package org.quiesced.kernel;
