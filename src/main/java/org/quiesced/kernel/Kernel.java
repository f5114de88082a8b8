// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.work.WorkerPool;

/** A kernel: the machine's device tree, what can be done to its devices, and the workers and the clock to do it by. */
public interface Kernel {
    /**
     * Reads the tree as it is now. A device that vanishes while it is read is not in the result.
     *
     * @throws IOException if there is no device tree at all, for example because sysfs is not mounted
     */
    DeviceTree readTree() throws IOException;

    /**
     * Reads the part of the tree that is below a device now, with the device itself first. In place of the hidden disks of NVMe multipath
     * their subsystems' head disks are in it too. Devices that have a node have its number, {@code MAJOR:MINOR}, as attribute {@code dev};
     * partitions have their {@code size}.
     *
     * @throws NoSuchFileException if the device is gone
     * @throws IOException if something there cannot be read: the result is never a part
     */
    DeviceTree readBelow(Device device) throws IOException;

    /** Returns what the kernel knows of use without a claim. */
    Usage usage();

    /** Returns what the kernel knows of who uses a disk. */
    BlockClaims claims();

    /** Returns the means to take drivers off devices. */
    Drivers drivers();

    /** Returns the means to make the kernel itself quick, besides the devices, when a driver leaves. */
    GracePeriods gracePeriods();

    /** Returns the devices' attributes, as they are at the time of each call. */
    Attributes attributes();

    /** Returns the commands for NVMe controllers and namespaces. */
    NvmeCommands nvme();

    /** Returns the commands for SCSI disks. */
    ScsiCommands scsi();

    /** Returns the disks without a driver that are still to be stopped. */
    DueStops dueStops();

    /** Returns what the kernel says of its devices in its log. */
    KernelMessages messages();

    /** Has so many workers ready for pools to come, or more, so that their tasks begin at once. Without it they begin a little later. */
    void prepareWorkers(int count);

    /**
     * Makes a pool: workers that run tasks, and one mailbox for what these report.
     *
     * @param <S> what the tasks report
     */
    <S> WorkerPool<S> newWorkerPool();
}
