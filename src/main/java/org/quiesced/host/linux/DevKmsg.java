// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import org.quiesced.host.KernelLog;
import org.quiesced.linux.PseudoFile;

/** The kernel's log as the device {@code /dev/kmsg}. */
public final class DevKmsg implements KernelLog {
    private final String path;

    /** Makes the log of the running kernel. */
    public DevKmsg() {
        this("/dev/kmsg");
    }

    DevKmsg(String path) {
        this.path = path;
    }

    /**
     * The kernel limits how much may be written per opened file (devkmsg_open in kernel/printk/printk.c), so each line
     * opens its own.
     *
     * <p>An interrupt does not lose the line. The log's thread is interrupted when the log is closed
     * ({@code AsyncAppenderBase.stop} of Logback), and {@link java.nio.channels.FileChannel} does not write for a
     * thread that is interrupted.
     */
    @Override
    public void write(Priority priority, String line) {
        boolean interrupted = Thread.interrupted();
        while (!write("<" + priority.level() + ">" + line + "\n")) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether no interrupt came in between; it is cleared if one did. */
    private boolean write(String record) {
        try {
            PseudoFile.write(path, record);
            return true;
        } catch (IOException e) {
            return !Thread.interrupted();
        }
    }
}
