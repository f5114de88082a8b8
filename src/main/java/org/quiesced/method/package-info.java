// SPDX-License-Identifier: Apache-2.0
/** What to do to one device to bring it down so that the kernel's own walk finds nothing left to do. */
package org.quiesced.method;
