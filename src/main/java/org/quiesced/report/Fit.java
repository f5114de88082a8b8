// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.quiesced.report.Column.Kind;

/**
 * The columns of a table that fit a space, and their widths.
 *
 * @param columns the indices of the columns that are shown
 * @param widths the width of each
 * @param gap the number of blanks between two columns
 */
record Fit(List<Integer> columns, List<Integer> widths, int gap) {
    private static final int GAP = 2;
    private static final int NARROW_GAP = 1;

    private static final Set<Kind> TEXTS = EnumSet.of(Kind.TEXT, Kind.PROSE);

    Fit {
        columns = List.copyOf(columns);
        widths = List.copyOf(widths);
    }

    /**
     * A column and its widths.
     *
     * @param width the width in an unlimited space
     * @param least the width to which it is shortened while other columns can give way
     * @param narrowest the width to which it is shortened at last
     */
    record Sized(Column column, int width, int least, int narrowest) {
        private Sized atLast() {
            return new Sized(column, least, narrowest, narrowest);
        }
    }

    /**
     * Fits columns to a space. Prose wraps first, then the gaps are narrowed, then texts are shortened from the right
     * to the left, then headings of numbers, then names. Where that is not enough, columns are left out in their order.
     * At last, they are shortened beyond their least width. A space that the numbers alone do not fit is exceeded.
     */
    static Fit of(List<Sized> all, int limit) {
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
        List<Integer> dispensable = shown.stream()
                .filter(i -> all.get(i).column().order() > 0)
                .sorted(Comparator.comparingInt(i -> all.get(i).column().order()))
                .toList();
        for (int left = 0; left <= dispensable.size(); left++) {
            if (left > 0) {
                shown.remove(dispensable.get(left - 1));
            }
            for (Room room : List.of(
                    new Room(all, shown, limit, GAP, EnumSet.of(Kind.PROSE)),
                    new Room(all, shown, limit, NARROW_GAP, TEXTS),
                    new Room(all, shown, limit, NARROW_GAP, EnumSet.allOf(Kind.class)))) {
                if (room.suffices()) {
                    return room.fit();
                }
            }
        }
        List<Sized> narrowest = all.stream().map(Sized::atLast).toList();
        return new Room(narrowest, shown, limit, NARROW_GAP, EnumSet.allOf(Kind.class)).fit();
    }

    /** A try to fit columns, of which those of some kinds may be shortened. */
    private record Room(List<Sized> all, List<Integer> shown, int limit, int gap, Set<Kind> shortened) {
        private int least(int index) {
            Sized sized = all.get(index);
            return shortened.contains(sized.column().kind()) ? sized.least() : sized.width();
        }

        private int gaps() {
            return gap * (shown.size() - 1);
        }

        boolean suffices() {
            return shown.stream().mapToInt(this::least).sum() + gaps() <= limit;
        }

        /** Shortens the columns from the right to the left, by kind. */
        Fit fit() {
            int[] widths = all.stream().mapToInt(Sized::width).toArray();
            int excess = shown.stream().mapToInt(i -> widths[i]).sum() + gaps() - limit;
            for (Set<Kind> kinds : List.of(EnumSet.of(Kind.NUMBER), TEXTS, EnumSet.of(Kind.NAME))) {
                for (int at = shown.size() - 1; at >= 0 && excess > 0; at--) {
                    int i = shown.get(at);
                    if (kinds.contains(all.get(i).column().kind())) {
                        int given = Math.min(excess, widths[i] - least(i));
                        widths[i] -= given;
                        excess -= given;
                    }
                }
            }
            return new Fit(shown, shown.stream().map(i -> widths[i]).toList(), gap);
        }
    }
}
