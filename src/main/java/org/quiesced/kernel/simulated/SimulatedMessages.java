// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.quiesced.kernel.KernelMessages;

/** The log of a simulated kernel. Thread-safe. */
final class SimulatedMessages implements KernelMessages {
    private final List<String> lines = new ArrayList<>();
    private Optional<String> atUnbind = Optional.empty();
    private final AtomicInteger readings = new AtomicInteger();

    /** Adds a line at the next unbind. */
    synchronized void atUnbind(String line) {
        atUnbind = Optional.of(line);
    }

    synchronized void sayAtUnbind() {
        atUnbind.ifPresent(lines::add);
        atUnbind = Optional.empty();
    }

    synchronized void say(String line) {
        lines.add(line);
    }

    /** Returns how often the log was read. */
    int readings() {
        return readings.get();
    }

    private synchronized int size() {
        return lines.size();
    }

    private synchronized List<String> from(int index) {
        readings.incrementAndGet();
        return List.copyOf(lines.subList(index, lines.size()));
    }

    @Override
    public Mark mark() {
        int here = size();
        return new Mark() {
            @Override
            public List<String> lines() {
                return from(here);
            }

            @Override
            public void close() {}
        };
    }
}
