// SPDX-License-Identifier: Apache-2.0
/**
 * The record of a shutdown: the part that is written during the shutdown, the part that is carried over the restart,
 * and the completion of both after boot.
 */
package org.quiesced.history;
