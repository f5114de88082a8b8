// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import org.quiesced.kernel.KernelLog;

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

    /** The kernel limits how much may be written per opened file (devkmsg_open in kernel/printk/printk.c), so each line opens its own. */
    @Override
    public void write(Priority priority, String line) {
        try {
            SysfsFile.write(path, "<" + priority.level() + ">" + line + "\n");
        } catch (IOException e) {
            return;
        }
    }
}
