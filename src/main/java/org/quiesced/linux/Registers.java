// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.io.IOException;

/** Registers of a device that are accessed 32 bits at a time. */
public interface Registers {
    /**
     * Reads a register.
     *
     * @param offset its offset, a multiple of 4
     * @return its value; all ones if the device does not answer
     * @throws IOException if the kernel refuses
     */
    int read(int offset) throws IOException;

    /**
     * Writes a register.
     *
     * @param offset its offset, a multiple of 4
     * @throws IOException if the kernel refuses
     */
    void write(int offset, int value) throws IOException;

    /** Returns whether these are the registers of a stand-in, which never change by themselves. */
    boolean isStandIn();
}
