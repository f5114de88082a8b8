// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * Forced restart or power-off of a machine whose regular shutdown does not end. A call may block in the kernel without
 * a limit, so a caller that has to continue makes it in a worker. Thread-safe.
 */
public interface SysRq {
    /**
     * Writes a line to the console and to the kernel's log, at a level that every console shows. Best effort; never
     * throws.
     */
    void say(String line);

    /**
     * Starts to write dirty data of file systems and block devices, and returns.
     *
     * @throws IOException if the kernel does not support it; its message has the system's reason
     */
    void sync() throws IOException;

    /**
     * Returns the amount of data that file systems and block devices have not yet written, in kB; empty if it is
     * unknown. Does not block.
     */
    OptionalLong unwritten();

    /**
     * Starts to remount all file systems read-only, and returns.
     *
     * @throws IOException as for {@link #sync}
     */
    void remountReadOnly() throws IOException;

    /**
     * Restarts the machine at once. The kernel calls no driver, so a blocked driver does not delay it. Does not return
     * on success.
     *
     * @throws IOException as for {@link #sync}
     */
    void restart() throws IOException;

    /**
     * Starts to power the machine off, and returns. The kernel shuts its devices down as at a regular power-off, so a
     * blocked driver may block it.
     *
     * @throws IOException as for {@link #sync}
     */
    void powerOff() throws IOException;
}
