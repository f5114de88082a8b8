// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;

/** Binding of drivers to devices. */
public interface Drivers {
    /**
     * Returns the driver that is bound to the device at the time of the call; empty if there is none or it cannot be
     * read. Never throws.
     */
    Optional<String> present(Device device);

    /** Returns whether the driver that the tree shows for the device is still bound to it. */
    default boolean isBound(Device device) {
        Optional<String> driver = present(device);
        return driver.isPresent() && driver.equals(device.driver());
    }

    /**
     * Unbinds the driver that the tree shows from the device, and returns when the kernel has finished, which for an
     * NVMe controller is after the drive has completed its shutdown notification. Succeeds also if another process has
     * unbound the driver meanwhile. Cannot be interrupted.
     *
     * @throws OtherDriverException if another driver is bound to the device; it stays bound
     * @throws IOException if the kernel refuses; its message names the device and the system's reason
     */
    void unbind(Device device) throws IOException;

    /**
     * Waits until no unbind of the driver that the tree shows for the device is in progress. To be called if {@link
     * #isBound} returns false. If the driver has been bound again in the meantime, it is unbound.
     *
     * @throws OtherDriverException if another driver is bound to the device; it stays bound
     * @throws IOException if that cannot be determined; its message names the device and the system's reason
     */
    void awaitUnbound(Device device) throws IOException;

    /**
     * Binds the driver that the tree shows for the device again, and returns when its probe has ended.
     *
     * @throws IOException if the kernel refuses; its message names the device and the system's reason
     */
    void bind(Device device) throws IOException;

    /**
     * Returns the names of the devices that need a device and have a driver at the time of the call: devices below it,
     * and its consumers over device links that order. The kernel unbinds the drivers of consumers when it unbinds the
     * device's own ({@code device_links_unbind_consumers} in {@code drivers/base/core.c}).
     *
     * @param below the device and everything below it, as read from the kernel
     * @throws IOException if that cannot be determined
     */
    List<String> boundDependents(Device device, DeviceTree below) throws IOException;

    /**
     * Returns the current value of a module parameter; empty if the module does not exist or does not show the
     * parameter.
     */
    Optional<String> parameter(String module, String name);
}
