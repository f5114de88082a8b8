// SPDX-License-Identifier: Apache-2.0
/**
 * The ground floor: devices, the links between them, and the tree that they make. Immutable data without any input or
 * output.
 */
package org.quiesced.device;
