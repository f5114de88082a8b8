// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import org.quiesced.host.KernelLog;
import org.quiesced.linux.PseudoFile;

/** The kernel's log by the device {@code /dev/kmsg}. */
public final class DevKmsg implements KernelLog {
    private final String path;

    /** Creates the log of the running kernel. */
    public DevKmsg() {
        this("/dev/kmsg");
    }

    DevKmsg(String path) {
        this.path = path;
    }

    /**
     * Writes a line. Each line opens the device, because the kernel limits the rate per opened file (devkmsg_open in
     * kernel/printk/printk.c).
     *
     * <p>An interrupt does not lose the line: Logback interrupts the log's thread when the log is closed ({@code
     * AsyncAppenderBase.stop}), and {@link java.nio.channels.FileChannel} refuses to write in an interrupted thread.
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

    /** Returns whether the write was not interrupted; clears the interrupt status. */
    private boolean write(String record) {
        try {
            PseudoFile.write(path, record);
            return true;
        } catch (IOException e) {
            return !Thread.interrupted();
        }
    }
}
