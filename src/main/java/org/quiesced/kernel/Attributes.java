// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;

/** The devices' sysfs attributes. */
public interface Attributes {
    /** Returns an attribute's present value without its line end, or nothing if it can't be read. */
    Optional<String> read(Device device, String name);

    /**
     * Returns the names of the device's own attributes that its owner may write, in no particular order; none if it is
     * gone.
     *
     * @throws IOException if it is there and cannot be looked at
     */
    List<String> writable(Device device) throws IOException;

    /**
     * Writes an attribute.
     *
     * @throws IOException if it can't be written; its message names the attribute and the system's reason
     */
    void write(Device device, String name, String value) throws IOException;
}
