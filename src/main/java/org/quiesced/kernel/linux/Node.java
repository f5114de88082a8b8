// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.Optional;
import org.quiesced.device.Device;

/**
 * The number of a device node, which identifies the device regardless of the node's path.
 *
 * @param block whether it is a block device; character devices have separate numbers
 */
record Node(boolean block, int major, int minor) {
    /** Returns the number of a device from its attribute {@code dev}; empty if it has no node. */
    static Optional<Node> of(Device device) {
        return device.attribute("dev").flatMap(text -> parse(device.isA("block"), text, 10));
    }

    /** Parses {@code MAJOR:MINOR}; empty if the text is something else. */
    static Optional<Node> parse(boolean block, String text, int radix) {
        int colon = text.indexOf(':');
        try {
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Node(
                            block,
                            Integer.parseInt(text.substring(0, colon), radix),
                            Integer.parseInt(text.substring(colon + 1), radix)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
