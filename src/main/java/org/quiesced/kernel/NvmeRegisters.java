// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.device.Device;

/**
 * The registers of NVMe controllers on PCI that are not bound to the kernel's {@code nvme} driver, but to {@code
 * vfio-pci}, {@code uio_pci_generic}, or no driver. Thread-safe, except for concurrent use of one controller.
 */
public interface NvmeRegisters {
    /**
     * PCI's class code of NVMe controllers: mass storage, non-volatile memory, NVM Express ({@code linux/pci_ids.h}).
     */
    String PCI_CLASS = "0x010802";

    /** The driver that provides the registers by ioctl(2), to one process at a time. */
    String VFIO_DRIVER = "vfio-pci";

    /**
     * Claims a controller, so that no process can begin to use it as far as the kernel can prevent that. Changes
     * nothing on the controller.
     *
     * @param controller the PCI device, with its present driver
     * @throws DeviceInUseException if a process uses it
     * @throws IOException if the device is not an NVMe controller, has another driver, or cannot be claimed
     */
    Claim claim(Device controller) throws DeviceInUseException, IOException;

    /**
     * Releases a controller that was kept, so that processes can use it again. Has no effect for another one.
     *
     * @throws IOException if its state cannot be restored
     */
    void giveBack(Device controller) throws IOException;

    /** Returns whether a controller is kept; then this process must run until the machine stops. */
    boolean isKeeping();

    /** A claim on a controller. */
    interface Claim extends AutoCloseable {
        /** Returns whether no process can have begun to use the controller since it was claimed. */
        boolean isExclusive();

        /**
         * Throws if a process has the registers open or mapped. To be called immediately before the first change.
         *
         * @throws DeviceInUseException with the process
         * @throws IOException if that cannot be determined
         */
        void refuseUse() throws DeviceInUseException, IOException;

        /**
         * Makes the registers accessible. VFIO first resets a controller that supports a function reset; a controller
         * without a driver is enabled on its bus, but cannot access memory.
         *
         * @throws IOException if the kernel refuses
         */
        Access open() throws IOException;

        /** Extends the claim and the access until the process ends, or the controller is given back. */
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
         * @param offset its offset, a multiple of 4; a register of 64 bits has its lower half first
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
         * Waits until a field of a register changes, or a time limit is reached.
         *
         * @param mask the bits of the field
         * @param former the initial value of the field, in its place
         * @return the last value of the register
         * @throws IOException if the kernel refuses
         */
        int awaitChange(int offset, int mask, int former, Duration limit) throws IOException;
    }
}
