// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

/** The kernel's log, which is available until the end of a shutdown. */
@FunctionalInterface
public interface KernelLog {
    /** The priorities that are used, from {@code linux/kern_levels.h}. */
    enum Priority {
        /** {@code KERN_ERR}. */
        ERROR(3),
        /** {@code KERN_WARNING}. */
        WARNING(4),
        /** {@code KERN_INFO}. */
        INFO(6),
        /** {@code KERN_DEBUG}: not shown on the console by default. */
        DEBUG(7);

        private final int level;

        Priority(int level) {
            this.level = level;
        }

        /** Returns the kernel's number of the priority. */
        public int level() {
            return level;
        }
    }

    /** Writes one line. Best effort; never throws. */
    void write(Priority priority, String line);
}
