// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

/** Text from outside, such as names and models, in the form in which it is logged and shown on terminals. */
public final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    /** Returns the text with each of its control characters (category Cc of Unicode) replaced by a question mark. */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text);
        for (int i = 0; i < printable.length(); i++) {
            if (Character.isISOControl(printable.charAt(i))) {
                printable.setCharAt(i, '?');
            }
        }
        return printable.toString();
    }

    /** Returns the same of a text that may be long: three dots replace what follows its first 80 characters. */
    public static String brief(String text) {
        String printable = of(text);
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
    }
}
