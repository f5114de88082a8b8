// SPDX-License-Identifier: Apache-2.0

/** Machines by name or from a file, for the entry points that offer them. */
package org.quiesced.simulation;
