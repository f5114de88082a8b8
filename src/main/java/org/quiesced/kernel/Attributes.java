// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;

/** Access to the sysfs attributes of devices. */
public interface Attributes {
    /**
     * The owner of a controller of NVMe over fabrics, a read-only pseudo attribute of the controller. Its source is the
     * registry of nvme-cli 3 ({@code /run/nvme/registry/nvmeN/owner}, {@code libnvme/src/nvme/registry.c}), in which
     * the program that connects a controller can claim it. Empty if there is no entry.
     */
    String OWNER = "nvme_registry_owner";

    /** Returns the current value of an attribute without its line end, or empty if it cannot be read. */
    Optional<String> read(Device device, String name);

    /**
     * Returns the names of the device's own attributes that are writable by the owner of their file, in no particular
     * order; empty if the device is gone.
     *
     * @throws IOException if the device exists and its attributes cannot be listed
     */
    List<String> writable(Device device) throws IOException;

    /**
     * Writes an attribute.
     *
     * @throws IOException if it cannot be written; its message names the attribute and the system's reason
     */
    void write(Device device, String name, String value) throws IOException;
}
