// SPDX-License-Identifier: Apache-2.0
/**
 * The port to a Linux kernel: sysfs, the block devices' claims, drivers, and the NVMe and SCSI commands, on 64-bit
 * Linux.
 */
package org.quiesced.kernel.linux;
