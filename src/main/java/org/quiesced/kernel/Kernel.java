// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;

/** A kernel: the machine's device tree, and the operations on its devices. */
public interface Kernel {
    /**
     * Reads the current tree. A device that vanishes during the read is omitted.
     *
     * @throws IOException if there is no device tree, for example because sysfs is not mounted
     */
    DeviceTree readTree() throws IOException;

    /**
     * Reads the current part of the tree below a device, the device itself first. It includes the head disks of NVMe
     * multipath whose hidden disks are below the device. A device with a node has its number, {@code MAJOR:MINOR}, as
     * attribute {@code dev}; a partition has its {@code size}.
     *
     * @throws NoSuchFileException if the device is gone
     * @throws IOException if anything below it cannot be read: the result is never partial
     */
    DeviceTree readBelow(Device device) throws IOException;

    /** Returns the uses of disks without a claim. */
    Usage usage();

    /** Returns the exclusive claims on disks. */
    BlockClaims claims();

    /** Returns the cache of the content of disks. */
    PageCache pageCache();

    /** Returns the binding of drivers to devices. */
    Drivers drivers();

    /** Returns the holders of disks. */
    Holders holders();

    /** Returns control over expedited RCU grace periods. */
    GracePeriods gracePeriods();

    /** Returns the devices' attributes, whose values are current at each call. */
    Attributes attributes();

    /** Returns the commands for NVMe controllers and namespaces. */
    NvmeCommands nvme();

    /** Returns the registers of the NVMe controllers that are not bound to the kernel's driver. */
    NvmeRegisters nvmeRegisters();

    /** Returns the commands for SCSI disks. */
    ScsiCommands scsi();

    /** Returns the notes of unbound disks that still have to be stopped. */
    DueStops dueStops();

    /** Returns the messages of the kernel log. */
    KernelMessages messages();
}
