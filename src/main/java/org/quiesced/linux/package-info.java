// SPDX-License-Identifier: Apache-2.0
/**
 * The C library by JNA, the C structs of the kernel's headers, and files of sysfs and procfs. JNA is used in no other
 * package.
 */
package org.quiesced.linux;
