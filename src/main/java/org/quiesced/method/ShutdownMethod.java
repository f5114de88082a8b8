// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.kernel.Usage;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** A method to shut down one kind of device. Stateless; thread-safe. */
public interface ShutdownMethod {
    /** Returns the method's name in the configuration and in reports. */
    String name();

    /**
     * Returns the class of the device that the method uses to control a device ({@link Target#classDevice}); empty if
     * it uses none.
     */
    Optional<String> controlClass();

    /** Returns the steps of {@link #shutdown}, in their order. */
    List<Step> steps(Target target, Verb verb);

    /**
     * Returns why no command may be sent to the device at present; empty if the device is ready. To be checked before
     * one of its disks is opened: opening may block for a device that does not work, or wake a suspended one.
     *
     * @param attributes returns the present value of a device's attribute
     */
    Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes);

    /**
     * Returns whether the device needs the network. Then it is shut down before the network is stopped, or at least in
     * the early phase, and the kernel's walk does not wait for it.
     */
    default boolean needsNetwork() {
        return false;
    }

    /**
     * Returns whether the removal of the driver uses the network.
     *
     * @param found the device as passed to {@link Progress#found}
     */
    default boolean usesNetwork(Target found) {
        return needsNetwork();
    }

    /**
     * Returns whether the kernel's walk waits for a step of the method that has begun and not ended. It waits for the
     * lock of the device, which is held while a driver is unbound ({@code device_shutdown} in {@code
     * drivers/base/core.c}).
     */
    default boolean delaysWalk() {
        return !needsNetwork();
    }

    /** Returns the time limit of the device, from its start, unless the method calls {@link Progress#allow}. */
    Duration patience();

    /**
     * Returns whether the shutdown is complete when the driver is unbound. The kernel's walk waits for a driver that is
     * being unbound, but not for a step after that.
     *
     * @param target the device as planned, or as passed to {@link Progress#found} once that was called
     */
    boolean endsWithDriver(Target target, Verb verb);

    /**
     * Returns whether the shutdown takes the device's known time; otherwise it takes almost none.
     *
     * @param target as in {@link #endsWithDriver}
     */
    default boolean waitsForDrive(Target target, Verb verb) {
        return true;
    }

    /**
     * Shuts a device down, and returns when that is complete. For a device whose driver has been unbound by another
     * process, that is when the unbind has ended. All disks that the device has at present are claimed before the first
     * step, and stay claimed until it is down, so that no other user can start to use one.
     *
     * @return the result
     * @throws UnreadyException if the device does not work or is suspended; no command was sent to it, and its driver
     *     is still bound
     * @throws OtherDriverException if the device has another driver than the planned one; no command, or no further
     *     command, was sent to it
     * @throws DeviceInUseException if a disk of the device is in use; the driver is still bound
     * @throws GivenUpException if the device was given up before its driver was unbound; the driver is still bound
     * @throws IOException if a step fails; the steps after it were not done
     */
    Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress)
            throws UnreadyException, OtherDriverException, DeviceInUseException, GivenUpException, IOException;

    /**
     * Performs the additional step after the driver's removal that a later verb requires: the device was shut down for
     * a restart, and the machine is powered off instead.
     *
     * @return the result
     * @throws IOException if the device was given up
     */
    default Ending finish(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        return new Ending.Down();
    }

    /**
     * Binds the driver of a device again after a cancelled shutdown. Succeeds also if the driver is already bound.
     *
     * @param target the device as it was found before its driver was unbound
     * @throws IOException if the driver cannot be bound
     */
    default void restore(Target target, Kernel kernel) throws IOException {
        try {
            kernel.drivers().bind(target.device());
        } catch (IOException e) {
            if (!kernel.drivers().isBound(target.device())) {
                throw e;
            }
        }
    }

    /**
     * A command to a drive.
     *
     * @param <T> the type of its answer
     */
    @FunctionalInterface
    interface Command<T> {
        /**
         * Sends the command and returns the answer.
         *
         * @throws IOException if the command fails
         */
        T send() throws IOException;
    }

    /** The interface of a method to the run. */
    interface Progress {
        /** Reports that the caches of the device have been written to the medium. */
        void flushed();

        /** Sets the time limit of the device, from its start, in place of {@link ShutdownMethod#patience()}. */
        void allow(Duration patience);

        /** Returns the phase in which the shutdown of the device was begun. */
        Phase phase();

        /**
         * Returns the present verb of the shutdown, which the late phase may have changed since the device was started.
         */
        Verb verb();

        /**
         * Returns the remaining time of the run; zero after its deadline. The run does not wait for steps that begin
         * after it.
         */
        Duration left();

        /**
         * Sends a command to the drive. The command has its own time limit, which does not count against that of the
         * steps before and after it.
         *
         * @return its answer
         * @throws GivenUpException if the device was given up
         * @throws IOException if the command fails
         */
        <T> T ask(Command<T> command) throws IOException;

        /**
         * Flushes a disk once for devices that claim it together. If another device has begun to flush it since {@link
         * #knownUsers} was called for this one, this method waits for the result, and sends nothing. If that flush
         * fails, or does not end in time, the command is sent.
         *
         * @param disk the disk, which is claimed
         * @param command flushes the disk; with its own time limit, as in {@link #ask}
         * @throws GivenUpException if the device was given up
         * @throws IOException if the command fails
         */
        void flush(Device disk, Command<?> command) throws IOException;

        /**
         * Returns the users of disks without a claim that are already known in this phase, so that a device in use is
         * detected early. To be called when the disks have been claimed. Waits for a result, with a time limit.
         *
         * @throws IOException if the users cannot be determined
         */
        Usage.Users knownUsers() throws IOException;

        /**
         * Returns the users of disks without a claim since {@link #knownUsers} was called; in the late phase, in which
         * no process is left, possibly as of up to a second earlier. To be called immediately before the driver is
         * unbound. Waits for a result, with a time limit.
         *
         * @throws IOException if the users cannot be determined
         */
        Usage.Users users() throws IOException;

        /**
         * Waits for the end of a passing use of the device, some tenths of a second. Only in the early phase, in which
         * programs of the system may read any disk for a moment; not for devices that need the network; and only some
         * times. Without effect otherwise.
         *
         * @return whether to look again; if false, the device counts as in use in this phase
         */
        boolean pause();

        /**
         * Records that the counters of all disks of the device were read anew: from now on, {@link #users} returns the
         * users since this call.
         */
        void readAnew();

        /**
         * Throws if a present disk or partition of the device may not be shut down in the present phase. The plan may
         * not have contained it.
         *
         * @param present the device, with its present disks and partitions
         * @throws NotReleasedException if one of them was not observed to be released
         */
        void refuseUnlessReleased(Target present) throws NotReleasedException;

        /**
         * Records the device as it was found immediately before a change to it. This target then replaces the planned
         * one, because attributes change without notice.
         */
        void found(Target present);

        /**
         * Requests permission to wait for a removal of the driver by another process. The run is not responsible for
         * its end: if it never ends, the machine is not restarted by force.
         *
         * @throws GivenUpException if the device was given up
         */
        void join() throws GivenUpException;

        /**
         * Requests permission for the next step that changes the device. To be called immediately before each such
         * step; once for several steps that are safe only together.
         *
         * @throws GivenUpException if the permission is refused
         */
        void act() throws GivenUpException;

        /**
         * Requests the same permission for the step that unbinds the driver.
         *
         * @param patience time limit of that step, from this call
         * @throws GivenUpException if the permission is refused
         */
        void act(Duration patience) throws GivenUpException;

        /**
         * Requests permission for a step that completes a shutdown and that the kernel would not do: it does not stop a
         * disk without a driver. Granted even if the device was given up meanwhile.
         *
         * @throws GivenUpException if the shutdown was cancelled, or the hook has ended before the run
         */
        void complete() throws GivenUpException;

        /** Reports that the driver is gone, and the disk is about to be stopped. */
        void stopping();
    }
}
