// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/**
 * A list whose elements are made from those of another when they are asked for, each time anew: a report on a machine
 * with many devices is written without being in memory as a whole.
 *
 * @param <S> what the elements are made from
 * @param <T> the elements
 */
public final class MappedList<S, T> extends AbstractList<T> implements RandomAccess {
    private final List<S> sources;
    private final Function<? super S, ? extends T> function;

    /**
     * Makes a list.
     *
     * @param sources are not copied, and must not change
     * @param function makes an element, the same one each time
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
