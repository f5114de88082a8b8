// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.file.Path;
import org.quiesced.device.Device;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;

/** The device nodes that the kernel itself makes in devtmpfs; no udev is needed. */
final class DeviceNode {
    /** Opens the node of a device for commands. */
    @FunctionalInterface
    interface Opener {
        NativeFile open(String path) throws ErrnoException;
    }

    private DeviceNode() {}

    /** Returns the path of a device's node. In sysfs an exclamation mark stands for a slash in a name. */
    static String of(Path dev, Device device) {
        return dev + "/" + device.name().replace('!', '/');
    }
}
