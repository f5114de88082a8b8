// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.file.Path;
import org.quiesced.device.Device;
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
}
