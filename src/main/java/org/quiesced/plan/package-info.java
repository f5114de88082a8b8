// SPDX-License-Identifier: Apache-2.0
/** Makes a plan of a device tree, a configuration and the claims on disks: what becomes of each device, and why. */
package org.quiesced.plan;
