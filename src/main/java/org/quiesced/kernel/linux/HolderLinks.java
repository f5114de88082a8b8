// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.DeviceLink;
import org.quiesced.kernel.HolderKind;

/** Links from holders of disks, such as md arrays, to their members, by the kernel's symbolic links. */
final class HolderLinks {
    /** The state of a link that is not a device link of the kernel. */
    private static final String HELD = "held";

    /** Lists a directory of sysfs; a missing one is empty. */
    @FunctionalInterface
    interface Listing {
        List<String> of(String directory) throws IOException;
    }

    private HolderLinks() {}

    /**
     * Returns the links of a block device; none if it is not a holder.
     *
     * @param path its path
     * @param target returns the device that a name in a directory links to
     * @throws IOException if the links cannot be read
     */
    static List<DeviceLink> of(
            String path, String name, Listing listing, BiFunction<String, String, Optional<String>> target)
            throws IOException {
        List<DeviceLink> links = new ArrayList<>();
        if (HolderKind.ofName(name).isPresent()) {
            String directory = path + "/slaves";
            for (String member : listing.of(directory)) {
                target.apply(directory, member)
                        .ifPresent(supplier -> links.add(new DeviceLink(supplier, path, false, HELD)));
            }
        }
        return links;
    }
}
