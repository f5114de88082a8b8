// SPDX-License-Identifier: Apache-2.0
/** The C library by JNA, and the C structs of the kernel's headers. Nothing outside this package knows of JNA. */
package org.quiesced.linux;
