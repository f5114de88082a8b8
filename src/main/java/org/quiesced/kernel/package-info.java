// SPDX-License-Identifier: Apache-2.0
/**
 * The port to the kernel: all that it is asked about devices, as small interfaces. {@code kernel.linux} is the real one,
 * {@code kernel.simulated} a machine made of data.
 */
package org.quiesced.kernel;
