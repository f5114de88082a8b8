// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

/** What can be wrong with a simulated device. */
public enum Fault {
    /** Identify Controller fails; a controller that is shut down by its registers has a fatal status. */
    IDENTIFY_FAILS,
    /** Flush or SYNCHRONIZE CACHE fails; the registers of a controller read as all ones. */
    FLUSH_FAILS,
    /** The first flush fails, later ones do not. */
    FIRST_FLUSH_FAILS,
    /** Flush or SYNCHRONIZE CACHE takes an hour. */
    FLUSH_HANGS,
    /** The kernel refuses to unbind the driver, or to open the registers of a controller. */
    UNBIND_FAILS,
    /**
     * The driver gives up its wait for the drive, says so in the log, and is gone. A controller that is notified by its
     * registers ignores that.
     */
    UNCONFIRMED,
    /** Somebody else is just taking the driver away, and that takes the device's time. */
    BEING_UNBOUND,
    /**
     * The driver was bound again after somebody had taken it away, and does not show as bound yet; its disks are there.
     */
    BOUND_AGAIN,
    /** Somebody has bound another driver to it, to pass it to a virtual machine. */
    OTHER_DRIVER,
    /** START STOP UNIT fails. */
    STOP_FAILS,
    /** The shutdown takes an hour. */
    HANGS,
    /** The device is gone when its turn comes. */
    VANISHES,
    /** Somebody starts to use the device's disk after it was planned. */
    MOUNTED_MEANWHILE,
    /** To open the device's disk takes an hour. */
    OPEN_HANGS,
    /** The target of a controller over a fabric does not answer, which the kernel has not noticed yet. */
    CUT_OFF
}
