// SPDX-License-Identifier: Apache-2.0
/** The real kernel: sysfs, the block devices' claims, drivers, and the NVMe and SCSI commands, on 64-bit Linux. */
package org.quiesced.kernel.linux;
