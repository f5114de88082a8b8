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
 * One type of drive: the driver by which its drives are recognised, the attributes that are read and shown, and the
 * method that shuts them down. A type contains all that is specific to its drives, except for the commands, which are
 * interfaces of {@link Kernel}. {@link DriveTypes#SUPPORTED} lists the types. Stateless; thread-safe.
 */
public interface DriveType {
    /** Returns the driver whose devices are drives of this type. */
    DriverBinding binding();

    /** Returns whether a device is a drive of this type. */
    default boolean covers(Device device) {
        return binding().covers(device);
    }

    /**
     * Returns the shell pattern by which the shutdown hook finds such drives in sysfs; empty if the late phase does
     * nothing for them.
     */
    default Optional<String> hookGlob() {
        return Optional.of(binding().glob());
    }

    /** Returns the method that shuts them down. */
    ShutdownMethod method();

    /**
     * Returns the value of the key {@code method} without which drives of this type are left to the kernel, regardless
     * of the mode; empty if none is required.
     */
    default Optional<Settings.Method> required() {
        return Optional.empty();
    }

    /** Returns the queries that they answer; empty if they report nothing. */
    default Optional<DriveQuery> query() {
        return Optional.empty();
    }

    /**
     * Reads the number of times that a drive was started and stopped in its life, unless that would wake it.
     *
     * @return the number; empty if drives of this type do not count it, or the drive must not be queried at present
     * @throws IOException if the drive does not answer
     */
    default Optional<BigInteger> startStopCycles(Device drive, Attributes attributes, ScsiCounters counters)
            throws IOException {
        return Optional.empty();
    }

    /**
     * Returns the identity of a drive; empty if the system shows none.
     *
     * @param storage the tree of the drive, which need not contain serial numbers
     * @param attributes the present system's attributes
     */
    default Optional<DriveIdentity> identity(Device drive, Storage storage, Attributes attributes) {
        return Optional.empty();
    }

    /** Returns the keys that only the driver's table in the configuration has. */
    Set<Settings.Key> keys();

    /** Returns the attributes that a plan needs. */
    TreeAttributes attributes();

    /** Returns additional attributes that are useful in a captured machine. */
    default TreeAttributes capturedAttributes() {
        return TreeAttributes.NONE;
    }

    /**
     * Returns the buses and classes of which a changed device (uevent {@code change}) requires a new plan, besides
     * {@code block}. A virtual device matters if it is in the directory of one of them.
     */
    Set<String> watchedSubsystems();

    /** Returns the class of the device below a drive that has the drive's familiar name. */
    default String labelClass() {
        return "block";
    }

    /**
     * Returns the worldwide identity of a drive's disk: drives with the same identity are paths to one disk. Empty if
     * the disk has no such identity, or if drives of this type are not paths; such drives are never treated as paths to
     * one disk.
     */
    default Optional<String> diskIdentity(Device drive) {
        return Optional.empty();
    }

    /**
     * Writes the cache of a disk to the medium, regardless of the drive's state, before the machine is restarted by
     * force.
     *
     * @param disk a disk of a drive that has its driver
     * @throws IOException if the command fails
     */
    void flush(Device disk, Kernel kernel) throws IOException;

    /**
     * Stops an unbound drive whose process, which noted it in {@link org.quiesced.kernel.DueStops}, died before it
     * stopped the drive. Not supported by types whose method notes no drives.
     *
     * @param drive the drive as it was noted
     * @throws IOException if the command fails
     */
    default void stop(Device drive, Kernel kernel) throws IOException {
        throw new IOException("drives of the driver " + binding().driver() + " are not stopped");
    }

    /**
     * Returns whether the kernel's walk waits for the shutdown of a drive.
     *
     * @param storage the tree of the drive
     */
    default boolean isAwaitedByKernel(Device drive, Storage storage, Verb verb) {
        return true;
    }

    /**
     * Creates a drive of this type for the warm-up of the daemon, which loads all code for the type before a shutdown.
     *
     * @param number from 0 to 9; drives with different numbers have different names
     */
    SampleDrive sample(int number);
}
