// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.Printable;
import org.quiesced.kernel.Attributes;

/**
 * The identity of a drive, regardless of its connection.
 *
 * @param model the model that the drive reports, without surrounding blanks; empty if it reports none
 * @param serial its serial number, or another text that no other drive has; not empty
 */
public record DriveIdentity(String model, String serial) {
    /**
     * Returns the identity from two attributes of a device; empty if it has no serial number. Control characters are
     * replaced by question marks.
     *
     * @param serial the attribute with the serial number
     */
    static Optional<DriveIdentity> of(Device device, String model, String serial, Attributes attributes) {
        return text(attributes.read(device, serial))
                .map(number ->
                        new DriveIdentity(text(attributes.read(device, model)).orElse(""), number));
    }

    private static Optional<String> text(Optional<String> attribute) {
        return attribute.map(text -> Printable.of(text.strip())).filter(text -> !text.isEmpty());
    }
}
