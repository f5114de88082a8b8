// SPDX-License-Identifier: Apache-2.0
/**
 * A stock Debian in QEMU with slow drives: the guest, its boots, what its kernel and its drives log, and the scenarios.
 */
package org.quiesced.vm;
