// SPDX-License-Identifier: Apache-2.0
/** Pictures: a shutdown as SVG and as a page, a plan as a graph. */
package org.quiesced.chart;
