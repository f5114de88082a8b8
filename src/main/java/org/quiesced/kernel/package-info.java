// SPDX-License-Identifier: Apache-2.0
/**
 * The port: all that the rest of the project asks of a kernel, as small interfaces. {@code kernel.linux} is the real one,
 * {@code kernel.simulated} a machine made of data.
 */
package org.quiesced.kernel;
