// SPDX-License-Identifier: Apache-2.0
/** Draws a shutdown as SVG and HTML, and a plan as a tree and a graph. */
package org.quiesced.chart;
