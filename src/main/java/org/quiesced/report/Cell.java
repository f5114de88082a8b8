// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

/**
 * A cell of a table.
 *
 * @param text the text, without codes of colours
 * @param style its style
 */
public record Cell(String text, Style style) {
    /** Creates a cell of ordinary text. */
    public static Cell of(String text) {
        return new Cell(text, Style.PLAIN);
    }
}
