// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

/** Faults of a simulated device. */
public enum Fault {
    /** Identify Controller fails; a controller that is shut down by its registers has a fatal status. */
    IDENTIFY_FAILS,
    /** Flush or SYNCHRONIZE CACHE fails; the registers of a controller read as all ones. */
    FLUSH_FAILS,
    /** The first flush fails, later ones succeed. */
    FIRST_FLUSH_FAILS,
    /** Flush or SYNCHRONIZE CACHE takes an hour. */
    FLUSH_HANGS,
    /** The kernel refuses to unbind the driver, or to open the registers of a controller. */
    UNBIND_FAILS,
    /**
     * The driver stops waiting for the drive, logs that, and is gone. A controller that is notified by its registers
     * ignores the notification.
     */
    UNCONFIRMED,
    /** Another process is unbinding the driver, for the device's latency. */
    BEING_UNBOUND,
    /** The driver was unbound by another process and bound again, but does not show as bound yet; its disks exist. */
    BOUND_AGAIN,
    /** Another process has bound another driver, to pass the device to a virtual machine. */
    OTHER_DRIVER,
    /** START STOP UNIT fails. */
    STOP_FAILS,
    /** The shutdown takes an hour. */
    HANGS,
    /** The device is gone when its shutdown begins. */
    VANISHES,
    /** The device's disk is mounted after the plan was made. */
    MOUNTED_MEANWHILE,
    /** Opening the device's disk takes an hour. */
    OPEN_HANGS,
    /** The target of a controller of NVMe over fabrics does not answer, which the kernel has not noticed yet. */
    CUT_OFF
}
