// SPDX-License-Identifier: Apache-2.0
/** Methods to shut a single device down so completely that the kernel's walk has nothing left to do. */
package org.quiesced.method;
