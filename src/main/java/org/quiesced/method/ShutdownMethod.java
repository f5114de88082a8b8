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

/** A way to shut down one kind of device. Has no state; may be used by several threads. */
public sealed interface ShutdownMethod permits NvmeMethod, ScsiMethod, UnbindMethod {
    /** Returns what the method is called in the configuration and in reports. */
    String name();

    /**
     * Returns the class by whose device the method controls a device, if it does: {@link Target#classDevice} is of that
     * class.
     */
    Optional<String> controlClass();

    /** Returns what {@link #shutdown} will do, in words, step by step. */
    List<String> steps(Target target, Verb verb);

    /**
     * Returns why the device would not be asked anything at this moment, if so. To be looked at before one of its disks
     * is opened: that alone may wait for a device that does not work, or wake one that sleeps.
     *
     * @param attributes gives the present value of a device's attribute
     */
    Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes);

    /** Returns how long to wait for the device, from its start, as long as the method has not said otherwise. */
    Duration patience();

    /**
     * Returns whether the shutdown is over when the driver is gone. What comes after that is not awaited by the
     * kernel's own walk, which waits for a driver that is just being taken away.
     *
     * @param target the device as it was planned, or as {@link Progress#found} has it once that was said
     */
    boolean endsWithDriver(Target target, Verb verb);

    /**
     * Shuts a device down and returns when that is complete. A device that has lost its driver meanwhile is complete
     * when that has ended. Before anything is done all disks that the device has now are claimed, and they stay so
     * until it is down: nobody can start to use one in between.
     *
     * @return how it ended
     * @throws UnreadyException if the device does not work or sleeps; it was not asked anything, and the driver is
     *     still there then
     * @throws OtherDriverException if the device has another driver than the one that the plan saw; it was not asked
     *     anything, or no more
     * @throws DeviceInUseException if a disk of the device is in use; the driver is still there then
     * @throws GivenUpException if the device was given up before its driver was taken away; the driver is still there
     *     then
     * @throws IOException if a step fails; the steps after it were not done
     */
    Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress)
            throws UnreadyException, OtherDriverException, DeviceInUseException, GivenUpException, IOException;

    /**
     * Does for another verb what comes after the driver is gone: the machine was to restart when the device went down,
     * and is to be turned off after all.
     *
     * @return how it ended
     * @throws IOException if it was given up
     */
    default Ending finish(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        return new Ending.Down();
    }

    /**
     * Binds the driver of a device that went down again, unless it has it, because the machine does not go down after
     * all.
     *
     * @param target the device as it was found before its driver was taken away
     * @throws IOException if that fails
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
     * @param <T> what it answers
     */
    @FunctionalInterface
    interface Command<T> {
        /** Sends it, and returns the answer. */
        T send() throws IOException;
    }

    /** What a method says and asks while it works. */
    interface Progress {
        /** The caches of the device have been written to the medium. */
        void flushed();

        /**
         * The device has been asked: give it up that long after its start, and not as {@link ShutdownMethod#patience()}
         * says.
         */
        void allow(Duration patience);

        /** Returns the phase in which the shutdown of the device was begun. */
        Phase phase();

        /**
         * Returns the verb of the shutdown at this moment, which the late phase may have changed since the device was
         * begun.
         */
        Verb verb();

        /**
         * Returns how much time the run has left; zero after its deadline. What is begun then will not be waited for.
         */
        Duration left();

        /**
         * Sends a command to the drive. It is waited for as long as the driver does; what comes before and after it,
         * for less.
         *
         * @return its answer
         * @throws GivenUpException if the device was given up
         * @throws IOException if the command fails
         */
        <T> T ask(Command<T> command) throws IOException;

        /**
         * Returns who uses which disk without a claim, as far as that is known already in this phase. To be asked when
         * the disks have been claimed, to learn early that the device is in use. Waits for that, but not without limit.
         *
         * @throws IOException if that cannot be found out
         */
        Usage.Users knownUsers() throws IOException;

        /**
         * Returns who has used which disk without a claim since {@link #knownUsers} was asked for; in the late phase,
         * in which no process is left, perhaps up to a second before. To be asked directly before the driver goes.
         * Waits for that, but not without limit.
         *
         * @throws IOException if that cannot be found out
         */
        Usage.Users users() throws IOException;

        /**
         * Refuses to go on if the disks and partitions that the device has now may not go down in the present phase.
         * The plan may not have seen all of them.
         *
         * @param present the device, with these disks and partitions
         * @throws NotReleasedException if nobody was seen to release one of them
         */
        void refuseUnlessReleased(Target present) throws NotReleasedException;

        /**
         * Says as what the device was found directly before something is changed at it. For what follows this target
         * counts, and not the one of the plan: attributes change without notice.
         */
        void found(Target present);

        /**
         * Asks whether to wait for a removal of the driver that somebody else has begun. What comes of that is not
         * ours: if it never ends, the machine is not brought down by force for it.
         *
         * @throws GivenUpException if the device was given up
         */
        void join() throws GivenUpException;

        /**
         * Asks whether the next step, which changes something, may still be begun. To be asked directly before each
         * such step; once for steps of which none is safe without the next.
         *
         * @throws GivenUpException if it may not
         */
        void act() throws GivenUpException;

        /**
         * Asks the same for the step that takes the driver away.
         *
         * @param patience how long that may take; what came before it is over
         * @throws GivenUpException if it may not
         */
        void act(Duration patience) throws GivenUpException;

        /**
         * Asks whether a step may be taken that completes what was begun, and that nobody else would take: the kernel
         * does not stop a disk that has no driver. That the device was given up meanwhile does not matter.
         *
         * @throws GivenUpException if the shutdown was cancelled, or the hook has ended before the run
         */
        void complete() throws GivenUpException;
    }
}
