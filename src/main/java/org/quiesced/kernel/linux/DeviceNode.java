// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.User;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;

/** The device nodes that the kernel creates in devtmpfs without udev. */
final class DeviceNode {
    /** Opens a device node for commands. */
    @FunctionalInterface
    interface Opener {
        NativeFile open(String path) throws ErrnoException;
    }

    private DeviceNode() {}

    /** Returns the path of a device's node. sysfs replaces a slash in a name by an exclamation mark. */
    static String of(Path dev, Device device) {
        return dev + "/" + device.name().replace('!', '/');
    }

    /**
     * Opens the node of a device with {@code O_EXCL} (open(2)), which the kernel grants to one holder at a time.
     *
     * @param user returns the holder of the claim
     * @throws DeviceInUseException if another process or the kernel has claimed the device
     * @throws IOException if the node cannot be opened
     */
    static NativeFile claim(Path dev, Device device, Supplier<User> user) throws IOException {
        try {
            return NativeFile.openExclusively(of(dev, device));
        } catch (ErrnoException e) {
            throw refusal(device, e, user);
        }
    }

    /** Returns whether a node could not be opened because its device is gone, or is a drive without a medium. */
    static boolean isAbsent(Path sys, Device device, ErrnoException failure) {
        return failure.errno() == ErrnoException.ENOMEDIUM || !Files.exists(Path.of(sys + device.path()));
    }

    /**
     * Returns the exception for a failed call at a device: a {@link DeviceInUseException} if the error is {@code
     * EBUSY}.
     */
    static IOException refusal(Device device, ErrnoException failure, Supplier<User> user) {
        return failure.errno() == ErrnoException.EBUSY ? new DeviceInUseException(device, user.get()) : failure;
    }
}
