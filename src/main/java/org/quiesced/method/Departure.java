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
 * Waits for an unbind of the driver by another process. The device's link to its driver is removed at the beginning of
 * an unbind, and the driver may take long afterwards ({@code __device_release_driver} in {@code drivers/base/dd.c}):
 * the device is down only when the unbind has ended.
 */
final class Departure {
    private Departure() {}

    /**
     * Returns whether the driver is gone. If it is being unbound, waits until that has ended. A device with disks is
     * not gone, regardless of its link, because its driver may have been bound again.
     *
     * @throws OtherDriverException if the device has another driver than the planned one
     * @throws GivenUpException if the device was given up
     * @throws IOException if it cannot be determined whether the device has disks
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
