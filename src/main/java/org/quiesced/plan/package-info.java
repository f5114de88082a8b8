// SPDX-License-Identifier: Apache-2.0
/** From a device tree, a configuration and the claims on disks to a plan: every device, what becomes of it, and why. */
package org.quiesced.plan;
