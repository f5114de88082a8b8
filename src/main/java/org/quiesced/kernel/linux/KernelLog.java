// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;

/** The kernel's log, the one place that a message can be written to until the very end. */
public final class KernelLog {
    /** The priorities that we use, of {@code linux/kern_levels.h}. */
    public enum Priority {
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
    }

    private KernelLog() {}

    /**
     * Writes one line. That it can't be written is no reason for a shutdown to fail. The kernel limits how much may be written per opened
     * file ({@code kernel/printk/printk.c}, devkmsg_open), so each line opens its own.
     */
    public static void write(Priority priority, String line) {
        try {
            SysfsFile.write("/dev/kmsg", "<" + priority.level + ">" + line + "\n");
        } catch (IOException e) {
            return;
        }
    }
}
