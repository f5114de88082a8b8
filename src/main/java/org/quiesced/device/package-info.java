// SPDX-License-Identifier: Apache-2.0
/** Devices, the links between them, and the tree that they form. Immutable; no input or output. */
package org.quiesced.device;
