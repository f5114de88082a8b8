// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Text in aligned columns. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> alignedRight;

    /**
     * Creates a table.
     *
     * @param alignedRight the indices, from 0, of the columns that are aligned to the right
     */
    public Table(Set<Integer> alignedRight, String... head) {
        this.alignedRight = Set.copyOf(alignedRight);
        rows.add(List.of(head));
    }

    /** Adds a row, with a cell per column. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Returns whether it has no rows. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** Returns the lines, without trailing blanks. */
    public List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            char[] fill = new char[widths[i] - row.get(i).length()];
            Arrays.fill(fill, ' ');
            line.append(i == 0 ? "" : "  ");
            if (alignedRight.contains(i)) {
                line.append(fill).append(row.get(i));
            } else {
                line.append(row.get(i)).append(fill);
            }
        }
        return line.toString().stripTrailing();
    }
}
