// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.List;

/** What the kernel itself says in its log. */
@FunctionalInterface
public interface KernelMessages {
    /** Marks this moment in the log. Where the log cannot be read nothing is said after it. Any thread may ask. */
    Mark mark();

    /** A moment in the log. For one thread. */
    interface Mark extends AutoCloseable {
        /** Returns the messages since then, the oldest first, without their priority and time. To be asked once. */
        List<String> lines();

        @Override
        void close();
    }
}
