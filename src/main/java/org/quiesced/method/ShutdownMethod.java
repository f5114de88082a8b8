// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Verb;

/** A way to shut down one kind of device. Has no state; may be used by several threads. */
public sealed interface ShutdownMethod permits NvmeMethod, ScsiMethod, UnbindMethod {
    /** Returns what the method is called in the configuration and in reports. */
    String name();

    /** Returns the class by whose device the method controls a device, if it does: {@link Target#classDevice} is of that class. */
    Optional<String> controlClass();

    /** Returns what {@link #shutdown} will do, in words, step by step. */
    List<String> steps(Target target, Verb verb);

    /** Returns how long to wait for the device, from its start, as long as the method has not said otherwise. */
    Duration patience();

    /**
     * Shuts a device down and returns when that is complete. A device that has lost its driver meanwhile is complete. Directly before anything
     * is done all disks of the device are claimed, and they stay so until it is down: nobody can start to use one in between.
     *
     * @throws DeviceInUseException if a disk of the device is in use; nothing was done then
     * @throws IOException if a step fails; the steps after it were not done
     */
    void shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws DeviceInUseException, IOException;

    /** What a method says while it works; may be called from any thread. */
    interface Progress {
        /** The caches of the device have been written to the medium. */
        void flushed();

        /** The device has been asked: give it up that long after its start, and not as {@link ShutdownMethod#patience()} says. */
        void allow(Duration patience);
    }
}
