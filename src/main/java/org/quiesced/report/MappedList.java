// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/**
 * A list whose elements are computed from those of another list at each access, so that the report of a large machine
 * is never in memory as a whole.
 *
 * @param <S> the type of the source elements
 * @param <T> the type of the elements
 */
public final class MappedList<S, T> extends AbstractList<T> implements RandomAccess {
    private final List<S> sources;
    private final Function<? super S, ? extends T> function;

    /**
     * Creates a list.
     *
     * @param sources the source elements; not copied, and must not change
     * @param function computes an element; must give the same result each time
     */
    public MappedList(List<S> sources, Function<? super S, ? extends T> function) {
        this.sources = sources;
        this.function = function;
    }

    @Override
    public T get(int index) {
        return function.apply(sources.get(index));
    }

    @Override
    public int size() {
        return sources.size();
    }
}
