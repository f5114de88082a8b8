// SPDX-License-Identifier: Apache-2.0
/**
 * The port to the kernel: all operations on devices, as small interfaces. {@code kernel.linux} is the real kernel,
 * {@code kernel.simulated} a machine made of data.
 */
package org.quiesced.kernel;
