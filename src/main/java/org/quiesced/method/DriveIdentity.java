// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/**
 * What a drive is known by, wherever it is connected.
 *
 * @param model the model that the drive reports, without blanks around it; empty if it reports none
 * @param serial its serial number, or another text that no other drive has; not empty
 */
public record DriveIdentity(String model, String serial) {
    /**
     * Returns the identity that a device shows in two of its attributes; empty if it shows no serial number. Control
     * characters in them are question marks.
     *
     * @param serial the attribute with the serial number
     */
    static Optional<DriveIdentity> of(Device device, String model, String serial, Attributes attributes) {
        return text(attributes.read(device, serial))
                .map(number ->
                        new DriveIdentity(text(attributes.read(device, model)).orElse(""), number));
    }

    private static Optional<String> text(Optional<String> attribute) {
        return attribute.map(text -> text.strip().replaceAll("\\p{Cntrl}", "?")).filter(text -> !text.isEmpty());
    }
}
