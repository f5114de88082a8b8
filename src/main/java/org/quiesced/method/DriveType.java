// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.ScsiCounters;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.shutdown.Verb;

/**
 * One type of drive: the driver by which its drives are recognised, what is read and shown of them, and the method that
 * shuts them down. Here is all that is peculiar to a type, but for the commands to its drives, which are interfaces of
 * {@link Kernel}. {@link DriveTypes#SUPPORTED} lists the types. Has no state; may be used by several threads.
 */
public interface DriveType {
    /** Returns the driver whose devices are drives of this type. */
    DriverBinding binding();

    /** Returns whether a device is a drive of this type. */
    default boolean covers(Device device) {
        return binding().covers(device);
    }

    /**
     * Returns the shell pattern by which the shutdown hook sees in sysfs that there are such drives; empty if there is
     * nothing to do at them in the late phase.
     */
    default Optional<String> hookGlob() {
        return Optional.of(binding().glob());
    }

    /** Returns how they are shut down. */
    ShutdownMethod method();

    /**
     * Returns the value of the key {@code method} without which drives of this type are left alone, whatever the mode;
     * empty if none is needed.
     */
    default Optional<Settings.Method> required() {
        return Optional.empty();
    }

    /** Returns how they are asked about themselves; empty if they report nothing. */
    default Optional<DriveQuery> query() {
        return Optional.empty();
    }

    /**
     * Asks a drive how often it was started and stopped in its life, unless that would wake it.
     *
     * @return the count; empty if drives of this type do not count it, or this one is not to be asked now
     * @throws IOException if the drive does not answer
     */
    default Optional<BigInteger> startStopCycles(Device drive, Attributes attributes, ScsiCounters counters)
            throws IOException {
        return Optional.empty();
    }

    /**
     * Returns what a drive is known by; empty if the system shows nothing of the kind.
     *
     * @param storage the tree that the drive is in, which need not have serial numbers
     * @param attributes those of the present system
     */
    default Optional<DriveIdentity> identity(Device drive, Storage storage, Attributes attributes) {
        return Optional.empty();
    }

    /** Returns the keys that the driver's table in the configuration has besides those that each table has. */
    Set<Settings.Key> keys();

    /** Returns the attributes that a plan needs. */
    TreeAttributes attributes();

    /** Returns the further attributes that help to understand the drives of a captured machine. */
    default TreeAttributes capturedAttributes() {
        return TreeAttributes.NONE;
    }

    /**
     * Returns the buses and classes of which a device that changes (uevent {@code change}) requires a new plan, besides
     * {@code block}. A virtual device matters if it stands in the directory of one of them.
     */
    Set<String> watchedSubsystems();

    /** Returns the class of the device below a drive whose name an administrator knows the drive by. */
    default String labelClass() {
        return "block";
    }

    /**
     * Returns what identifies the disk of a drive worldwide: drives with the same identity are paths to one disk. Empty
     * if the disk has no such identity, or if the drives of this type are no paths; such drives are never taken for
     * paths to one disk.
     */
    default Optional<String> diskIdentity(Device drive) {
        return Optional.empty();
    }

    /**
     * Writes the cache of a disk to the medium, in whatever state its drive is: the machine is about to be brought down
     * by force.
     *
     * @param disk a disk of a drive that has its driver
     * @throws IOException if the command fails
     */
    void flush(Device disk, Kernel kernel) throws IOException;

    /**
     * Stops a drive whose driver is gone: the process that noted it in {@link org.quiesced.kernel.DueStops} died before
     * it stopped it. Unsupported by types whose method notes no drive.
     *
     * @param drive the drive as it was noted
     * @throws IOException if the command fails
     */
    default void stop(Device drive, Kernel kernel) throws IOException {
        throw new IOException("drives of the driver " + binding().driver() + " are not stopped");
    }

    /**
     * Returns whether the kernel's own walk waits for a drive as long as its shutdown takes. If not, it passes it at
     * once.
     *
     * @param storage the tree that the drive is in
     */
    default boolean isAwaitedByKernel(Device drive, Storage storage, Verb verb) {
        return true;
    }

    /**
     * Makes a drive of this type for the warm-up of the daemon, so that all code for the type is loaded before a
     * shutdown.
     *
     * @param number from 0 to 9; drives with different numbers have different names
     */
    SampleDrive sample(int number);
}
