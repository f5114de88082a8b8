// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;

/** The devices' sysfs attributes. */
public interface Attributes {
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
     * @throws IOException if it can't be written; its message names the attribute and the system's reason
     */
    void write(Device device, String name, String value) throws IOException;
}
