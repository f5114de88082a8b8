// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;

/** The bond between devices and drivers. */
public interface Drivers {
    /** Returns the driver that is bound to the device now, if one is. Whether that can be seen or not, nothing is thrown. */
    Optional<String> present(Device device);

    /** Returns whether the driver that the tree shows for the device is still bound to it. */
    default boolean isBound(Device device) {
        Optional<String> driver = present(device);
        return driver.isPresent() && driver.equals(device.driver());
    }

    /**
     * Takes the driver that the tree shows off the device and returns when the kernel is done with it, which for an NVMe
     * controller is after the drive has completed its shutdown notification. A driver that somebody else has taken off
     * meanwhile is gone too. Can't be interrupted.
     *
     * @throws OtherDriverException if the device has another driver by then, which stays
     * @throws IOException if the kernel refuses; its message names the device and the system's reason
     */
    void unbind(Device device) throws IOException;

    /**
     * Returns when nobody is taking the driver away that the tree shows for the device, which {@link #isBound} does not
     * show any more. If somebody has bound it again in this very moment it is taken away.
     *
     * @throws OtherDriverException if the device has another driver by then, which stays
     * @throws IOException if that cannot be found out; its message names the device and the system's reason
     */
    void awaitUnbound(Device device) throws IOException;

    /**
     * Binds the driver that the tree shows for the device again, and returns when its probe has ended.
     *
     * @throws IOException if the kernel refuses; its message names the device and the system's reason
     */
    void bind(Device device) throws IOException;

    /** Returns the present value of a module's parameter, if the module is there and shows it. */
    Optional<String> parameter(String module, String name);
}
