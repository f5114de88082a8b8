// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

/** The kernel's log, the one place that a message can be written to until the very end. */
@FunctionalInterface
public interface KernelLog {
    /** The priorities that we use, of {@code linux/kern_levels.h}. */
    enum Priority {
        /** {@code KERN_ERR}. */
        ERROR(3),
        /** {@code KERN_WARNING}. */
        WARNING(4),
        /** {@code KERN_INFO}. */
        INFO(6),
        /** {@code KERN_DEBUG}: not shown on the console unless it is asked for. */
        DEBUG(7);

        private final int level;

        Priority(int level) {
            this.level = level;
        }

        /** Returns the kernel's number for the priority. */
        public int level() {
            return level;
        }
    }

    /** Writes one line. That it can't be written is no reason for a shutdown to fail, and goes unnoticed. */
    void write(Priority priority, String line);
}
