// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

/** Escapes text for SVG and HTML. */
final class Markup {
    private Markup() {}

    /** Returns a text escaped for an element or an attribute. A character that XML 1.0 does not allow is replaced. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(point) ? point : '\uFFFD');
            }
        });
        return escaped.toString();
    }

    /**
     * Returns whether a code point matches the production Char of XML 1.0; control characters are excluded, because no
     * viewer shows them.
     */
    private static boolean isAllowed(int point) {
        return point >= ' ' && point < 0x7F
                || point >= 0xA0 && point <= 0xD7FF
                || point >= 0xE000 && point <= 0xFFFD
                || point >= 0x1_0000;
    }
}
