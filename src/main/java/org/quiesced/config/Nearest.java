// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests corrections of misspelled words. */
public final class Nearest {
    private Nearest() {}

    /** Returns the valid word nearest to the given one; empty if none is near enough for a typing error. */
    private static Optional<String> to(String word, Collection<String> valid) {
        return valid.stream()
                .filter(candidate -> distance(word, candidate) <= Math.max(2, candidate.length() / 3))
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns the suggestion as a question, for example {@code did you mean "nvme-24"?}. */
    public static Optional<String> hint(String word, Collection<String> valid) {
        return to(word, valid).map(near -> "did you mean \"" + near + "\"?");
    }

    /** Returns the number of characters to insert, delete, replace or swap with their neighbour. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
