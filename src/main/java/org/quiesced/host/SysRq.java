// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;

/**
 * The means to bring a machine down whose regular shutdown does not end. Each call may block as long as the kernel
 * likes; callers that must go on use a worker that nobody waits for. Any thread may call.
 */
public interface SysRq {
    /**
     * Writes a line to the console and the kernel's log, at the level that each console shows. A failure is no error.
     */
    void say(String line);

    /**
     * Starts to write what file systems and block devices hold in memory to the drives, and returns.
     *
     * @throws IOException if the kernel does not offer that; its message gives the system's reason
     */
    void sync() throws IOException;

    /**
     * Starts to make each mounted file system read-only, and returns.
     *
     * @throws IOException as for {@link #sync}
     */
    void remountReadOnly() throws IOException;

    /**
     * Restarts the machine at once. The kernel calls no driver for it, so nothing that hangs in one delays it. Does not
     * return where it succeeds.
     *
     * @throws IOException as for {@link #sync}
     */
    void restart() throws IOException;

    /**
     * Starts to turn the power off, and returns. The kernel shuts its devices down for it as at each power-off, so what
     * hangs in a driver may hang here too.
     *
     * @throws IOException as for {@link #sync}
     */
    void powerOff() throws IOException;
}
