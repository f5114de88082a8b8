// SPDX-License-Identifier: Apache-2.0
/** {@code quiescectl}: the command line. */
package org.quiesced.cli;
