// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.OtherDriverException;

/**
 * The end of a device whose driver is taken away by somebody else. The device's link to its driver goes at the
 * beginning of that, and the driver may need its time afterwards ({@code __device_release_driver} in
 * {@code drivers/base/dd.c}): only when that has ended is the device down.
 */
final class Departure {
    private Departure() {}

    /**
     * Returns whether the driver is gone. If it is just going, waits for the end of that. A device that has disks is
     * not gone, whatever its link says: its driver may have been bound again.
     *
     * @throws OtherDriverException if the device has another driver than the one that the plan saw
     * @throws GivenUpException if the device was given up
     * @throws IOException if it cannot be found out whether the device has disks
     */
    static boolean isOver(Device device, Kernel kernel, ShutdownMethod.Progress progress) throws IOException {
        Optional<String> present = kernel.drivers().present(device);
        if (present.isPresent() && !present.equals(device.driver())) {
            throw new OtherDriverException(device, present.get());
        }
        if (present.isPresent() || hasDisks(device, kernel)) {
            return false;
        }
        progress.join();
        kernel.drivers().awaitUnbound(device);
        return true;
    }

    private static boolean hasDisks(Device device, Kernel kernel) throws IOException {
        try {
            return !new Storage(kernel.readBelow(device)).disksOf(device).isEmpty();
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
