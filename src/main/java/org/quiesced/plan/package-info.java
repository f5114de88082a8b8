// SPDX-License-Identifier: Apache-2.0
/**
 * Plans a shutdown: decides the disposition of each device, with its reason, from the device tree, the configuration
 * and the claims on disks.
 */
package org.quiesced.plan;
