// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import org.quiesced.device.Device;

/**
 * What a drive is known by, wherever it is connected.
 *
 * @param model the model that the drive reports, without blanks around it; empty if it reports none
 * @param serial its serial number, or another text that no other drive has; not empty
 */
public record DriveIdentity(String model, String serial) {
    /**
     * Returns the identity that a device shows in two of its attributes; empty if it shows no serial number.
     *
     * @param serial the attribute with the serial number
     */
    static Optional<DriveIdentity> of(Device device, String model, String serial) {
        return device.attribute(serial)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> new DriveIdentity(
                        device.attribute(model).map(String::strip).orElse(""), text));
    }
}
