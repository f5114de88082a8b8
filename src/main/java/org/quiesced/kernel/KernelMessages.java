// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.List;

/** The messages of the kernel log. */
@FunctionalInterface
public interface KernelMessages {
    /** Marks the current end of the log. If the log cannot be read, the mark has no messages. Thread-safe. */
    Mark mark();

    /** A position in the log. Not thread-safe. */
    interface Mark extends AutoCloseable {
        /** Returns the messages since the mark, oldest first, without priority and time. To be called once. */
        List<String> lines();

        @Override
        void close();
    }
}
