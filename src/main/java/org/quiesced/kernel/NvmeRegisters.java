// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.device.Device;

/**
 * The registers of NVMe controllers on PCI that the kernel's {@code nvme} driver does not have: they are bound to
 * {@code vfio-pci} or {@code uio_pci_generic}, or to no driver. Safe for use by several threads, but not for one
 * controller.
 */
public interface NvmeRegisters {
    /** PCI's class of NVMe controllers: mass storage, non-volatile memory, NVM Express ({@code linux/pci_ids.h}). */
    String PCI_CLASS = "0x010802";

    /** The driver that gives registers away by ioctl(2), and one process alone at a time. */
    String VFIO_DRIVER = "vfio-pci";

    /**
     * Takes a controller, so that as far as the kernel can prevent it no process can begin to use it. Changes nothing
     * on the controller.
     *
     * @param controller the PCI device, with its present driver
     * @throws DeviceInUseException if a process has it
     * @throws IOException if the device is not an NVMe controller, has another driver, or cannot be taken
     */
    Claim claim(Device controller) throws DeviceInUseException, IOException;

    /**
     * Gives back a controller that was kept, so that processes can use it again. Does nothing for another one.
     *
     * @throws IOException if its state cannot be restored
     */
    void giveBack(Device controller) throws IOException;

    /** Returns whether a controller is kept: this process must not end before the machine does. */
    boolean isKeeping();

    /** A controller that was taken. */
    interface Claim extends AutoCloseable {
        /** Returns whether no process can have begun to use the controller since it was taken. */
        boolean isExclusive();

        /**
         * Throws if a process has the registers open or mapped. Call it right before the first change.
         *
         * @throws DeviceInUseException with the process
         * @throws IOException if that cannot be found out
         */
        void refuseUse() throws DeviceInUseException, IOException;

        /**
         * Makes the registers accessible. VFIO resets the controller first, if it has a reset of its own; a controller
         * without a driver is enabled on its bus, but cannot access memory.
         *
         * @throws IOException if the kernel refuses
         */
        Access open() throws IOException;

        /** Lets the claim and the access last until the process ends, or until the controller is given back. */
        void keep();

        /** Ends the claim and the access, unless the controller is kept. */
        @Override
        void close();
    }

    /** Access to the registers of a controller. */
    interface Access {
        /**
         * Reads a register of 32 bits.
         *
         * @param offset where it is, a multiple of 4; a register of 64 bits has its lower half first
         * @return its value; all ones if the controller does not answer
         * @throws IOException if the kernel refuses
         */
        int read(int offset) throws IOException;

        /**
         * Writes a register of 32 bits.
         *
         * @throws IOException if the kernel refuses
         */
        void write(int offset, int value) throws IOException;

        /**
         * Waits until a field of a register has another value, or until the time is up.
         *
         * @param mask the bits of the field
         * @param former the value that the field has at first, in its place
         * @return the last value of the register
         * @throws IOException if the kernel refuses
         */
        int awaitChange(int offset, int mask, int former, Duration limit) throws IOException;
    }
}
