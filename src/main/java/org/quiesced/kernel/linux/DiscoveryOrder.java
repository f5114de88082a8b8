// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.Comparator;
import org.quiesced.device.Device;

/**
 * The assumed order of the devices' discovery. The kernel does not show its own order. Buses are scanned by address, so
 * an order by path, with numbers compared by value, is close to it, and is reproducible. Parents come before their
 * children.
 */
final class DiscoveryOrder {
    static final Comparator<Device> BY_PATH = (a, b) -> compare(a.path(), b.path());

    private DiscoveryOrder() {}

    /** Compares two strings by character, with runs of decimal digits by value. */
    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            char x = a.charAt(i);
            char y = b.charAt(j);
            if (isDigit(x) && isDigit(y)) {
                int endX = endOfDigits(a, i);
                int endY = endOfDigits(b, j);
                int order = compareDigits(a, i, endX, b, j, endY);
                if (order != 0) {
                    return order;
                }
                i = endX;
                j = endY;
            } else if (x != y) {
                return rank(x) - rank(y);
            } else {
                i++;
                j++;
            }
        }
        int order = (a.length() - i) - (b.length() - j);
        return order != 0 ? order : a.compareTo(b);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Ranks the path separator before all other characters, so that a device's children follow it directly. */
    private static int rank(char c) {
        return c == '/' ? -1 : c;
    }

    private static int endOfDigits(String text, int start) {
        int end = start;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int compareDigits(String a, int startA, int endA, String b, int startB, int endB) {
        int i = startA;
        int j = startB;
        while (i < endA - 1 && a.charAt(i) == '0') {
            i++;
        }
        while (j < endB - 1 && b.charAt(j) == '0') {
            j++;
        }
        int order = (endA - i) - (endB - j);
        for (; order == 0 && i < endA; i++, j++) {
            order = a.charAt(i) - b.charAt(j);
        }
        return order;
    }
}
